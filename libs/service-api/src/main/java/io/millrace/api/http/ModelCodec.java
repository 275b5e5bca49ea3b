package io.millrace.api.http;

import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import java.util.HashMap;
import java.util.Map;

/// Topics, partitions and the catalog as bytes.
final class ModelCodec {

    static final int PARTITION_ID_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /// Id, empty name, partition count, no configuration.
    private static final int TOPIC_BYTES_MIN = 2 * Long.BYTES + 3 * Integer.BYTES;

    private static final int SNAPSHOT = 1;
    private static final int TOPIC_CHANGED = 2;
    private static final int TOPIC_DELETED = 3;

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
    }

    static Catalog readCatalog(WireReader in) {
        return Catalog.of(
                in.readString(), in.readInt(), in.readLong(), in.readList(TOPIC_BYTES_MIN, ModelCodec::readTopic));
    }

    static void writeCatalogNews(WireWriter out, CatalogNews news) {
        switch (news) {
            case CatalogNews.Snapshot(Catalog catalog) -> writeCatalog(out.putByte(SNAPSHOT), catalog);
            case CatalogNews.TopicChanged(long version, Topic topic) ->
                writeTopic(out.putByte(TOPIC_CHANGED).putLong(version), topic);
            case CatalogNews.TopicDeleted(long version, TopicId topicId) ->
                writeTopicId(out.putByte(TOPIC_DELETED).putLong(version), topicId);
        }
    }

    static CatalogNews readCatalogNews(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case SNAPSHOT -> new CatalogNews.Snapshot(readCatalog(in));
            case TOPIC_CHANGED -> new CatalogNews.TopicChanged(in.readLong(), readTopic(in));
            case TOPIC_DELETED -> new CatalogNews.TopicDeleted(in.readLong(), in.readTopicId());
            default -> throw WireReader.unknown("kind of catalog news", kind);
        };
    }
}
