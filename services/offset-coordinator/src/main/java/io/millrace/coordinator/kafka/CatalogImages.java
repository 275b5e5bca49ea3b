package io.millrace.coordinator.kafka;

import io.millrace.model.Catalog;
import io.millrace.model.PersistentMap;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.FeatureLevelRecord;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.server.common.MetadataVersion;

/// The catalog as Kafka's coordinator wants to see it: an image, and the difference to the image before.
///
/// Groups keep the version of the image for which they resolved the expressions they subscribe to, and resolve them
/// again when a later one has new topics. So versions go on where they were before a restart: they are the catalog's,
/// two for each, since topics that are deleted and those that are created come in two images.
///
/// Threads: confined to one.
final class CatalogImages {

    private final int nodeId;
    private MetadataImage image = MetadataImage.EMPTY;
    private PersistentMap<TopicId, Topic> known = PersistentMap.empty();

    CatalogImages(int nodeId) {
        this.nodeId = nodeId;
    }

    record Update(MetadataDelta delta, MetadataImage image) {}

    /// The steps from the last catalog to this one: deletions before everything else, so that a topic that was
    /// deleted and created again under its name is both.
    List<Update> updatesTo(Catalog catalog) {
        List<Update> updates = new ArrayList<>();
        if (image.isEmpty()) {
            MetadataDelta features = delta();
            features.replay(new FeatureLevelRecord()
                    .setName(MetadataVersion.FEATURE_NAME)
                    .setFeatureLevel(MetadataVersion.latestProduction().featureLevel()));
            updates.add(apply(features, 2 * catalog.version()));
        }
        deletions(catalog).ifPresent(delta -> updates.add(apply(delta, 2 * catalog.version())));
        additions(catalog).ifPresent(delta -> updates.add(apply(delta, 2 * catalog.version() + 1)));
        known = catalog.topics();
        return updates;
    }

    private MetadataDelta delta() {
        return new MetadataDelta.Builder().setImage(image).build();
    }

    private Update apply(MetadataDelta delta, long version) {
        image = delta.apply(new MetadataProvenance(version, 1, 0, true));
        return new Update(delta, image);
    }

    private Optional<MetadataDelta> deletions(Catalog catalog) {
        MetadataDelta delta = delta();
        for (Topic topic : known.notIn(catalog.topics())) {
            if (!catalog.topics().containsKey(topic.id())) {
                delta.replay(new RemoveTopicRecord().setTopicId(uuid(topic.id())));
            }
        }
        return delta.topicsDelta() == null ? Optional.empty() : Optional.of(delta);
    }

    private Optional<MetadataDelta> additions(Catalog catalog) {
        MetadataDelta delta = delta();
        for (Topic topic : catalog.topics().notIn(known)) {
            Topic before = known.get(topic.id());
            if (before == null) {
                delta.replay(new TopicRecord().setName(topic.name()).setTopicId(uuid(topic.id())));
            }
            for (int partition = before == null ? 0 : before.partitionCount();
                    partition < topic.partitionCount();
                    partition++) {
                delta.replay(partition(topic.id(), partition));
            }
        }
        return delta.topicsDelta() == null ? Optional.empty() : Optional.of(delta);
    }

    /// Replicas are there for racks, which no node of ours has; this node stands for all.
    private PartitionRecord partition(TopicId topicId, int partition) {
        return new PartitionRecord()
                .setTopicId(uuid(topicId))
                .setPartitionId(partition)
                .setReplicas(List.of(nodeId))
                .setIsr(List.of(nodeId))
                .setLeader(nodeId);
    }

    private static Uuid uuid(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
