package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.BatchCleaner.TimedRecord;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Watermarks;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.RecordTimestamps;
import io.millrace.partition.ShardState;
import io.millrace.store.BatchSearch.TimestampAndOffset;
import java.io.IOException;
import java.util.Optional;

/// Answers questions about offsets.
///
/// Threads: any; blocks on the disk for timestamps. Source: Kafka's ListOffsets and OffsetForLeaderEpoch.
final class OffsetLookup {

    private static final int NO_EPOCH = -1;

    private final ShardState state;
    private final BatchSearch search;
    private final BatchCleaner cleaner;

    OffsetLookup(ShardState state, BatchSearch search, BatchCleaner cleaner) {
        this.state = state;
        this.search = search;
        this.cleaner = cleaner;
    }

    OffsetOutcome find(OffsetQuery query) throws IOException {
        PartitionLog partition = state.find(query.partitionId());
        if (partition == null) {
            return new OffsetOutcome.Refused(
                    Refusal.UNKNOWN_PARTITION, "There is no partition " + query.partitionId() + ".");
        }
        Watermarks seen = partition.watermarks();
        return switch (query) {
            case OffsetQuery.Earliest _ -> at(partition, seen.logStartOffset());
            case OffsetQuery.Latest latest ->
                switch (latest.isolationLevel()) {
                    case READ_UNCOMMITTED -> at(partition, seen.highWatermark());
                    case READ_COMMITTED -> at(partition, seen.lastStableOffset());
                };
            case OffsetQuery.AtTimestamp at -> atTimestamp(partition, at, seen);
            case OffsetQuery.MaxTimestamp _ -> atMaxTimestamp(partition, seen);
            case OffsetQuery.EndOfEpoch end -> endOfEpoch(partition, end, seen);
        };
    }

    private static OffsetOutcome at(PartitionLog partition, long offset) {
        return new OffsetOutcome.Found(offset, -1, partition.epochAt(offset).orElse(NO_EPOCH));
    }

    private OffsetOutcome atTimestamp(PartitionLog partition, OffsetQuery.AtTimestamp query, Watermarks seen)
            throws IOException {
        long wanted = query.timestampMillis();
        Optional<RecordBatch> batch = search.atTimestamp(partition, seen, new TimestampAndOffset(wanted, -1));
        while (batch.isPresent()) {
            OffsetOutcome outcome = inBatch(partition, batch.get(), wanted);
            if (!(outcome instanceof OffsetOutcome.NotFound)) {
                return outcome;
            }
            // The only records of the batch with this timestamp lie before the log's start.
            long behindOffset = batch.get().baseOffset();
            batch = search.atTimestamp(partition, seen, new TimestampAndOffset(wanted, behindOffset));
        }
        return new OffsetOutcome.NotFound();
    }

    private OffsetOutcome atMaxTimestamp(PartitionLog partition, Watermarks seen) throws IOException {
        return search.atMaxTimestamp(partition, seen)
                .map(batch -> inBatch(partition, batch, batch.maxTimestamp()))
                .orElseGet(OffsetOutcome.NotFound::new);
    }

    private OffsetOutcome inBatch(PartitionLog partition, RecordBatch batch, long timestampMillis) {
        long fromOffset = Math.max(batch.baseOffset(), partition.watermarks().logStartOffset());
        if (batch.compressionCode() != 0 && !batch.isLogAppendTime()) {
            return inCompressed(batch, new TimedRecord(fromOffset, timestampMillis));
        }
        return RecordTimestamps.find(batch, timestampMillis, fromOffset)
                .<OffsetOutcome>map(record ->
                        new OffsetOutcome.Found(record.offset(), record.timestampMillis(), batch.leaderEpoch()))
                .orElseGet(OffsetOutcome.NotFound::new);
    }

    /// The caller has the time to decompress it. Only where the log's start cuts the batch, it may hold no such record
    /// any more, and the search has to go on.
    private OffsetOutcome inCompressed(RecordBatch batch, TimedRecord least) {
        if (least.offset() == batch.baseOffset()) {
            return new OffsetOutcome.InBatch(batch, least.offset());
        }
        return cleaner.find(batch, least)
                .<OffsetOutcome>map(record ->
                        new OffsetOutcome.Found(record.offset(), record.timestampMillis(), batch.leaderEpoch()))
                .orElseGet(OffsetOutcome.NotFound::new);
    }

    private static OffsetOutcome endOfEpoch(PartitionLog partition, OffsetQuery.EndOfEpoch query, Watermarks seen) {
        return partition
                .endOfEpoch(query.leaderEpoch(), seen)
                .<OffsetOutcome>map(end -> new OffsetOutcome.Found(end.endOffset(), -1, end.epoch()))
                .orElseGet(OffsetOutcome.NotFound::new);
    }
}
