package io.millrace.partition;

import io.millrace.model.PartitionId;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A shard's state as bytes, for the checkpoint. The index is not in it: it follows from the segments.
///
/// ```
/// owner epoch 4 | catalog version 8 | next producer id 8 | topic count 4
/// for each topic: as in its entry, then for each partition:
///   live batches in segments 8 | in sealed files 8 | log start offset 8 | log end offset 8 | cleaned offset 8
///   epoch count 4, each: epoch 4 | start offset 8
///   producer count 4, each: id 8 | epoch 2 | last round, millis 8 | longs 4, the longs: sequences, base offset
///   stretch count 4, each: end offset 8 | bytes 8 | first round 8 | last round 8 | largest timestamp 8, in millis
/// resource count 4, each as in its entry
/// ```
///
/// Threads: the commit thread.
public final class StateCodec {

    private static final int FIXED_BYTES = 3 * Integer.BYTES + 2 * Long.BYTES;

    private StateCodec() {}

    public static ByteBuffer encode(ShardState state) {
        ByteBuffer target = ByteBuffer.allocate(encodedBytes(state));
        CatalogState catalog = state.catalogState();
        target.putInt(state.ownerEpoch()).putLong(catalog.version()).putLong(catalog.nextProducerId());
        target.putInt(catalog.topics().size());
        for (Topic topic : catalog.topics()) {
            EntryCodec.encodeTopic(topic, target);
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionLog partition = state.partitionOrNew(new PartitionId(topic.id(), i));
                target.putLong(partition.unsealedCount()).putLong(partition.sealedCount());
                partition.encode(target);
            }
        }
        target.putInt(catalog.resources().size());
        catalog.resources().forEach((resource, configs) -> EntryCodec.encodeResource(resource, configs, target));
        return target.flip();
    }

    private static int encodedBytes(ShardState state) {
        long bytes = FIXED_BYTES;
        for (Topic topic : state.catalogState().topics()) {
            bytes += EntryCodec.topicBytes(topic);
        }
        for (PartitionLog partition : state.partitions().values()) {
            bytes += 2 * Long.BYTES + partition.encodedBytes();
        }
        for (Map.Entry<Resource, Map<String, String>> each :
                state.catalogState().resources().entrySet()) {
            bytes += EntryCodec.resourceBytes(each.getKey(), each.getValue());
        }
        return Math.toIntExact(bytes);
    }

    /// Fills an empty state.
    ///
    /// @return how many batches each partition must have once files and segments before the checkpoint were read
    public static Map<PartitionId, BatchCounts> decode(ByteBuffer source, ShardState state) {
        state.restore(source.getInt());
        long version = source.getLong();
        long nextProducerId = source.getLong();
        Map<PartitionId, BatchCounts> batchCounts = new HashMap<>();
        for (int left = source.getInt(); left > 0; left--) {
            Topic topic = EntryCodec.decodeTopic(source);
            state.restore(topic);
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionId id = new PartitionId(topic.id(), i);
                batchCounts.put(id, new BatchCounts(source.getLong(), source.getLong()));
                state.restore(id).decode(source);
            }
        }
        for (int left = source.getInt(); left > 0; left--) {
            Resource resource = EntryCodec.decodeResource(source);
            state.catalogState().put(resource, EntryCodec.decodeConfigs(source));
        }
        state.catalogState().restore(version, nextProducerId);
        return batchCounts;
    }

    /// How many batches of a partition can be read.
    ///
    /// @param unsealed in segments of the write-ahead log
    /// @param sealed in runs of sealed files
    public record BatchCounts(long unsealed, long sealed) {

        static BatchCounts of(PartitionLog partition) {
            return new BatchCounts(partition.unsealedCount(), partition.sealedCount());
        }
    }

    /// The first partition with another number of batches than the checkpoint counted, in words; empty if all match.
    public static Optional<String> missing(Map<PartitionId, BatchCounts> batchCounts, ShardState state) {
        for (Map.Entry<PartitionId, BatchCounts> expected : batchCounts.entrySet()) {
            PartitionLog partition = state.partitionOrNew(expected.getKey());
            BatchCounts found = BatchCounts.of(partition);
            if (!partition.isWhole()) {
                return Optional.of("what is in segments of partition " + expected.getKey()
                        + " does not begin where its sealed files end");
            }
            if (!found.equals(expected.getValue())) {
                return Optional.of("partition " + expected.getKey() + " has " + found.unsealed()
                        + " batches in segments and " + found.sealed() + " in sealed files, but "
                        + expected.getValue().unsealed() + " and "
                        + expected.getValue().sealed() + " in the checkpoint");
            }
        }
        return Optional.empty();
    }
}
