package io.millrace.partition;

import io.millrace.model.PersistentMap;
import io.millrace.partition.LeaderEpochs.EpochStart;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What one partition was when the log ended at a position. Its index is not in it: that follows from the files.
///
/// Threads: immutable; the stretches are nobody else's.
///
/// @param position every entry before it counts, and none behind it
record PartitionSnapshot(
        long position,
        BatchCounts counts,
        long logStartOffset,
        long logEndOffset,
        long cleanedOffset,
        List<EpochStart> epochs,
        PersistentMap<Long, ProducerState> producers,
        Stretches stretches) {

    private static final int FIXED_BYTES = 6 * Long.BYTES + 2 * Integer.BYTES;
    private static final int EPOCH_BYTES = Integer.BYTES + Long.BYTES;

    /// How many batches of a partition can be read.
    ///
    /// @param unsealed in segments of the write-ahead log
    /// @param sealed in runs of sealed files
    record BatchCounts(long unsealed, long sealed) {}

    int encodedBytes() {
        int bytes = FIXED_BYTES + epochs.size() * EPOCH_BYTES + stretches.encodedBytes();
        for (ProducerState producer : producers.values()) {
            bytes += Long.BYTES + producer.encodedBytes();
        }
        return bytes;
    }

    void encode(ByteBuffer target) {
        target.putLong(position).putLong(counts.unsealed()).putLong(counts.sealed());
        target.putLong(logStartOffset).putLong(logEndOffset).putLong(cleanedOffset);
        target.putInt(epochs.size());
        for (EpochStart start : epochs) {
            target.putInt(start.epoch()).putLong(start.startOffset());
        }
        target.putInt(producers.size());
        for (Map.Entry<Long, ProducerState> producer : producers.entrySet()) {
            target.putLong(producer.getKey());
            producer.getValue().encode(target);
        }
        stretches.encode(target);
    }

    static PartitionSnapshot decode(ByteBuffer source) {
        return new PartitionSnapshot(
                source.getLong(),
                new BatchCounts(source.getLong(), source.getLong()),
                source.getLong(),
                source.getLong(),
                source.getLong(),
                decodeEpochs(source),
                decodeProducers(source),
                Stretches.decode(source));
    }

    private static List<EpochStart> decodeEpochs(ByteBuffer source) {
        int count = source.getInt();
        List<EpochStart> epochs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            epochs.add(new EpochStart(source.getInt(), source.getLong()));
        }
        return List.copyOf(epochs);
    }

    private static PersistentMap<Long, ProducerState> decodeProducers(ByteBuffer source) {
        PersistentMap<Long, ProducerState> producers = PersistentMap.empty();
        for (int left = source.getInt(); left > 0; left--) {
            producers = producers.with(source.getLong(), ProducerState.decode(source));
        }
        return producers;
    }
}
