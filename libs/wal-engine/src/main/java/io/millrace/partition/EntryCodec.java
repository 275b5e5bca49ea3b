package io.millrace.partition;

import io.millrace.model.PartitionId;
import io.millrace.model.PlacedBatch;
import io.millrace.model.RecordBatch;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Entries as bytes; the layout is in the package comment.
///
/// Threads: stateless.
public final class EntryCodec {

    public static final int BATCH = 1;
    static final int OWNER_STARTED = 2;
    static final int TOPIC_STORED = 3;
    static final int TOPIC_DELETED = 4;
    static final int LOG_START_MOVED = 5;
    static final int PRODUCER_IDS_GIVEN = 6;
    static final int RESOURCE_STORED = 7;

    private static final int TOPIC_ID_BYTES = 16;
    private static final int PARTITION_BYTES = TOPIC_ID_BYTES + 8;

    private EntryCodec() {}

    public static int type(Entry entry) {
        return switch (entry) {
            case Entry.BatchAppended _ -> BATCH;
            case Entry.OwnerStarted _ -> OWNER_STARTED;
            case Entry.TopicStored _ -> TOPIC_STORED;
            case Entry.TopicDeleted _ -> TOPIC_DELETED;
            case Entry.LogStartMoved _ -> LOG_START_MOVED;
            case Entry.ProducerIdsGiven _ -> PRODUCER_IDS_GIVEN;
            case Entry.ResourceStored _ -> RESOURCE_STORED;
        };
    }

    public static int bytes(Entry entry) {
        return switch (entry) {
            case Entry.BatchAppended appended -> bytes(appended.placed());
            case Entry.OwnerStarted _ -> Integer.BYTES;
            case Entry.TopicStored stored -> topicBytes(stored.topic());
            case Entry.TopicDeleted _ -> TOPIC_ID_BYTES;
            case Entry.LogStartMoved _ -> PARTITION_BYTES + Long.BYTES;
            case Entry.ProducerIdsGiven _ -> Long.BYTES + Integer.BYTES;
            case Entry.ResourceStored stored -> resourceBytes(stored.resource(), stored.configs());
        };
    }

    /// Puts the entry at the target's position.
    public static void encode(Entry entry, ByteBuffer target) {
        switch (entry) {
            case Entry.BatchAppended appended -> encode(appended.placed(), target);
            case Entry.OwnerStarted started -> target.putInt(started.ownerEpoch());
            case Entry.TopicStored stored -> encodeTopic(stored.topic(), target);
            case Entry.TopicDeleted deleted -> encodeId(deleted.topicId(), target);
            case Entry.LogStartMoved moved -> {
                encodePartition(moved.partitionId(), target);
                target.putLong(moved.logStartOffset());
            }
            case Entry.ProducerIdsGiven given -> target.putLong(given.firstId()).putInt(given.count());
            case Entry.ResourceStored stored -> encodeResource(stored.resource(), stored.configs(), target);
        }
    }

    /// Of the entry of a batch, the only kind of which there are many.
    public static int bytes(PlacedBatch batch) {
        return PARTITION_BYTES + batch.sizeInBytes();
    }

    /// Puts the entry of a batch at the target's position.
    public static void encode(PlacedBatch batch, ByteBuffer target) {
        encodePartition(batch.partitionId(), target);
        batch.putTo(target);
    }

    /// The entry, without a copy of a batch's bytes.
    public static Entry decode(int type, ByteBuffer body) {
        return switch (type) {
            case BATCH -> {
                RecordBatch batch = batch(body);
                yield new Entry.BatchAppended(partitionId(body), batch, batch.baseOffset(), batch.leaderEpoch(), -1);
            }
            case OWNER_STARTED -> new Entry.OwnerStarted(body.getInt());
            case TOPIC_STORED -> new Entry.TopicStored(decodeTopic(body));
            case TOPIC_DELETED -> new Entry.TopicDeleted(decodeId(body));
            case LOG_START_MOVED -> new Entry.LogStartMoved(partitionId(body), body.getLong(PARTITION_BYTES));
            case PRODUCER_IDS_GIVEN -> new Entry.ProducerIdsGiven(body.getLong(), body.getInt());
            case RESOURCE_STORED -> new Entry.ResourceStored(decodeResource(body), decodeConfigs(body));
            default -> throw new IllegalStateException("the log has an entry of unknown type " + type);
        };
    }

    public static boolean isBatch(int type) {
        return type == BATCH;
    }

    /// Whether records of this type change one partition, which they begin with.
    static boolean isOfPartition(int type) {
        return type == BATCH || type == LOG_START_MOVED;
    }

    /// Whether the record of this type and body is a batch of this partition.
    public static boolean isBatchOf(PartitionId partitionId, int type, ByteBuffer body) {
        return isBatch(type, body) && partitionId(body).equals(partitionId);
    }

    /// Whether the record of this type and body is a batch at all.
    public static boolean isBatch(int type, ByteBuffer body) {
        return type == BATCH && body.remaining() >= PARTITION_BYTES + RecordBatch.HEADER_BYTES;
    }

    /// The batch in the body of a batch's record.
    public static RecordBatch batch(ByteBuffer body) {
        return RecordBatch.view(body, PARTITION_BYTES, body.remaining() - PARTITION_BYTES);
    }

    /// Topic id, partition and 4 reserved bytes.
    public static void encodePartition(PartitionId partitionId, ByteBuffer target) {
        encodeId(partitionId.topicId(), target);
        target.putLong((long) partitionId.partition() << Integer.SIZE);
    }

    /// The partition of a batch's record, or of another one that begins like it.
    public static PartitionId partitionId(ByteBuffer body) {
        return new PartitionId(new TopicId(body.getLong(0), body.getLong(Long.BYTES)), body.getInt(TOPIC_ID_BYTES));
    }

    static void encodeId(TopicId topicId, ByteBuffer target) {
        target.putLong(topicId.mostSignificantBits()).putLong(topicId.leastSignificantBits());
    }

    static TopicId decodeId(ByteBuffer source) {
        return new TopicId(source.getLong(), source.getLong());
    }

    static int topicBytes(Topic topic) {
        return TOPIC_ID_BYTES + Integer.BYTES + textBytes(topic.name()) + configsBytes(topic.configs());
    }

    static void encodeTopic(Topic topic, ByteBuffer target) {
        encodeId(topic.id(), target);
        target.putInt(topic.partitionCount());
        encodeText(topic.name(), target);
        encodeConfigs(topic.configs(), target);
    }

    static Topic decodeTopic(ByteBuffer source) {
        TopicId id = decodeId(source);
        int partitionCount = source.getInt();
        String name = decodeText(source);
        return new Topic(id, name, partitionCount, decodeConfigs(source));
    }

    static int resourceBytes(Resource resource, Map<String, String> configs) {
        return 1 + textBytes(resource.name()) + configsBytes(configs);
    }

    static void encodeResource(Resource resource, Map<String, String> configs, ByteBuffer target) {
        target.put(kindCode(resource.kind()));
        encodeText(resource.name(), target);
        encodeConfigs(configs, target);
    }

    /// Its configurations follow.
    static Resource decodeResource(ByteBuffer source) {
        byte code = source.get();
        for (Resource.Kind kind : Resource.Kind.values()) {
            if (kindCode(kind) == code) {
                return new Resource(kind, decodeText(source));
            }
        }
        throw new IllegalStateException("the log has a resource of unknown kind " + code);
    }

    private static byte kindCode(Resource.Kind kind) {
        return switch (kind) {
            case GROUP -> 1;
            case CLIENT_METRICS -> 2;
            case CLIENT_QUOTA -> 3;
        };
    }

    private static int configsBytes(Map<String, String> configs) {
        int bytes = Integer.BYTES;
        for (Map.Entry<String, String> config : configs.entrySet()) {
            bytes += textBytes(config.getKey()) + textBytes(config.getValue());
        }
        return bytes;
    }

    private static void encodeConfigs(Map<String, String> configs, ByteBuffer target) {
        target.putInt(configs.size());
        configs.forEach((name, value) -> {
            encodeText(name, target);
            encodeText(value, target);
        });
    }

    static Map<String, String> decodeConfigs(ByteBuffer source) {
        Map<String, String> configs = new LinkedHashMap<>();
        for (int left = source.getInt(); left > 0; left--) {
            configs.put(decodeText(source), decodeText(source));
        }
        return configs;
    }

    private static int textBytes(String text) {
        return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void encodeText(String text, ByteBuffer target) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.putInt(bytes.length).put(bytes);
    }

    private static String decodeText(ByteBuffer source) {
        byte[] bytes = new byte[source.getInt()];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
