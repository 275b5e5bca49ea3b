package io.millrace.api.http;

import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Topics, partitions and the catalog as bytes.
final class ModelCodec {

    static final int PARTITION_ID_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /// Kind, empty name, no configuration.
    private static final int RESOURCE_BYTES_MIN = 3 * Integer.BYTES;

    /// Id, empty name, partition count, no configuration.
    private static final int TOPIC_BYTES_MIN = 2 * Long.BYTES + 3 * Integer.BYTES;

    private static final int SNAPSHOT = 1;
    private static final int TOPIC_CHANGED = 2;
    private static final int TOPIC_DELETED = 3;
    private static final int RESOURCE_CHANGED = 4;

    private ModelCodec() {}

    static void writeTopicId(WireWriter out, TopicId id) {
        out.putLong(id.mostSignificantBits()).putLong(id.leastSignificantBits());
    }

    static void writePartitionId(WireWriter out, PartitionId id) {
        writeTopicId(out, id.topicId());
        out.putInt(id.partition());
    }

    static void writeWatermarks(WireWriter out, Watermarks watermarks) {
        out.putLong(watermarks.logStartOffset())
                .putLong(watermarks.lastStableOffset())
                .putLong(watermarks.highWatermark())
                .putInt(watermarks.leaderEpoch());
    }

    static void writeTopic(WireWriter out, Topic topic) {
        writeTopicId(out, topic.id());
        out.putString(topic.name()).putInt(topic.partitionCount());
        writeConfigs(out, topic.configs());
    }

    static Topic readTopic(WireReader in) {
        return new Topic(in.readTopicId(), in.readString(), in.readInt(), readConfigs(in));
    }

    static void writeConfigs(WireWriter out, Map<String, String> configs) {
        out.putInt(configs.size());
        configs.forEach((name, value) -> out.putString(name).putString(value));
    }

    static Map<String, String> readConfigs(WireReader in) {
        Map<String, String> configs = new HashMap<>();
        in.readList(2 * Integer.BYTES, each -> configs.put(each.readString(), each.readString()));
        return configs;
    }

    static void writeCatalog(WireWriter out, Catalog catalog) {
        out.putString(catalog.clusterId()).putInt(catalog.ownerEpoch()).putLong(catalog.version());
        out.putInt(catalog.topics().size());
        for (Topic topic : catalog.topics().values()) {
            writeTopic(out, topic);
        }
        out.putInt(catalog.resources().size());
        catalog.resources().forEach((resource, configs) -> {
            writeResource(out, resource);
            writeConfigs(out, configs);
        });
    }

    static void writeResource(WireWriter out, Resource resource) {
        out.putString(resource.kind().name()).putString(resource.name());
    }

    static Resource readResource(WireReader in) {
        return new Resource(Resource.Kind.valueOf(in.readString()), in.readString());
    }

    static Catalog readCatalog(WireReader in) {
        String clusterId = in.readString();
        int ownerEpoch = in.readInt();
        long version = in.readLong();
        List<Topic> topics = in.readList(TOPIC_BYTES_MIN, ModelCodec::readTopic);
        Map<Resource, Map<String, String>> resources = new HashMap<>();
        in.readList(RESOURCE_BYTES_MIN, each -> resources.put(readResource(each), readConfigs(each)));
        return Catalog.of(clusterId, ownerEpoch, version, topics, resources);
    }

    static void writeCatalogNews(WireWriter out, CatalogNews news) {
        switch (news) {
            case CatalogNews.Snapshot(Catalog catalog) -> writeCatalog(out.putByte(SNAPSHOT), catalog);
            case CatalogNews.TopicChanged(long version, Topic topic) ->
                writeTopic(out.putByte(TOPIC_CHANGED).putLong(version), topic);
            case CatalogNews.TopicDeleted(long version, TopicId topicId) ->
                writeTopicId(out.putByte(TOPIC_DELETED).putLong(version), topicId);
            case CatalogNews.ResourceChanged(long version, Resource resource, Map<String, String> configs) -> {
                writeResource(out.putByte(RESOURCE_CHANGED).putLong(version), resource);
                writeConfigs(out, configs);
            }
        }
    }

    static CatalogNews readCatalogNews(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case SNAPSHOT -> new CatalogNews.Snapshot(readCatalog(in));
            case TOPIC_CHANGED -> new CatalogNews.TopicChanged(in.readLong(), readTopic(in));
            case TOPIC_DELETED -> new CatalogNews.TopicDeleted(in.readLong(), in.readTopicId());
            case RESOURCE_CHANGED -> new CatalogNews.ResourceChanged(in.readLong(), readResource(in), readConfigs(in));
            default -> throw WireReader.unknown("kind of catalog news", kind);
        };
    }
}
