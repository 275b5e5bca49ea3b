package io.millrace.kafka.fetch;

import io.millrace.kafka.fetch.FetchPlan.Resolved;
import io.millrace.kafka.fetch.FetchPlan.Wanted;
import io.millrace.kafka.handlers.StoreSilence;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.protocol.Errors;

/// Finds the partitions that a Fetch names, by topic name or, from version 13 on, by topic id.
///
/// A partition number past the known count is not refused here: wal-store knows better than a catalog on its way.
///
/// Threads: any. Errors: a look-up that fails is a retriable error of that topic's partitions, never "unknown".
final class TopicLookUp {

    private static final short FIRST_VERSION_WITH_IDS = 13;

    private final TopicDirectory directory;

    TopicLookUp(TopicDirectory directory) {
        this.directory = directory;
    }

    /// The partitions wanted, in the request's order.
    ///
    /// @param redirects where the client should read a partition; asked once for each
    Uni<List<Wanted>> find(List<FetchTopic> topics, short version, Function<PartitionId, OptionalInt> redirects) {
        if (topics.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        List<Found> known = known(topics, version);
        if (known.size() == topics.size()) {
            return Uni.createFrom().item(wanted(topics, known, redirects));
        }
        List<Uni<Found>> found = new ArrayList<>();
        for (FetchTopic topic : topics) {
            found.add(find(topic, version));
        }
        return Uni.join().all(found).andFailFast().map(all -> wanted(topics, all, redirects));
    }

    /// What the catalog in memory says, up to the first topic that it does not have.
    private List<Found> known(List<FetchTopic> topics, short version) {
        List<Found> known = new ArrayList<>(topics.size());
        Catalog catalog = directory.catalog();
        for (FetchTopic topic : topics) {
            Optional<Topic> found = version >= FIRST_VERSION_WITH_IDS
                    ? catalog.topic(Uuids.topicId(topic.topicId()))
                    : catalog.topic(topic.topic());
            if (found.isEmpty()) {
                break;
            }
            known.add(new Found(found, Errors.NONE));
        }
        return known;
    }

    private Uni<Found> find(FetchTopic topic, short version) {
        boolean isById = version >= FIRST_VERSION_WITH_IDS;
        Errors ifUnknown = isById ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        if (isById && topic.topicId().equals(Uuid.ZERO_UUID)) {
            return Uni.createFrom().item(new Found(Optional.empty(), ifUnknown));
        }
        return directory
                .ready()
                .flatMap(catalog ->
                        isById ? directory.find(Uuids.topicId(topic.topicId())) : directory.find(topic.topic()))
                .map(found -> new Found(found, ifUnknown))
                .onFailure(StoreSilence.class)
                .recoverWithItem(() -> new Found(Optional.empty(), KafkaErrors.ofFailedLookUp()));
    }

    private static List<Wanted> wanted(
            List<FetchTopic> topics, List<Found> found, Function<PartitionId, OptionalInt> redirects) {
        List<Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            for (FetchPartition partition : topics.get(i).partitions()) {
                wanted.add(
                        new Wanted(topics.get(i), partition, resolved(found.get(i), partition.partition(), redirects)));
            }
        }
        return wanted;
    }

    private static Resolved resolved(Found found, int partition, Function<PartitionId, OptionalInt> redirects) {
        if (found.topic.isEmpty()) {
            return new Resolved.Failed(found.otherwise);
        }
        if (partition < 0) {
            return new Resolved.Failed(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        PartitionId id = new PartitionId(found.topic.get().id(), partition);
        return new Resolved.Known(id, redirects.apply(id));
    }

    /// A topic, or why there is none.
    private record Found(Optional<Topic> topic, Errors otherwise) {}
}
