package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.CapturedState;
import io.millrace.partition.ShardState;
import io.millrace.partition.SpaceLedger;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.RecordCursor;
import io.millrace.wal.RecoveryPlan.RecoveredRound;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Hands the rounds of the log to the state: what the checkpoint has already only for the places of its batches,
/// everything else through the same `apply` as when it was new.
///
/// Threads: one, once.
final class StateReplay {

    private final ShardState state;
    private final SpaceLedger space;
    private final Optional<CapturedState> captured;
    /// The checkpoint's slices that the log was not read up to yet.
    private final NavigableMap<Long, List<PartitionId>> unchecked;

    private Optional<String> missing = Optional.empty();
    private long batchCount;

    /// @param state still empty
    StateReplay(ShardState state, SpaceLedger space, Optional<CapturedState> captured) {
        this.state = state;
        this.space = space;
        this.captured = captured;
        this.unchecked = captured.map(CapturedState::slices).orElseGet(TreeMap::new);
        captured.ifPresent(state::restore);
    }

    void round(RecoveredRound round) {
        checkSlicesBefore(round.end().position());
        space.open(round.segmentBase());
        RecordCursor records = round.records();
        while (records.next()) {
            ShardState.EntryPlace place = new ShardState.EntryPlace(
                    records.position(), records.sizeInLog(), round.end().timeMillis());
            if (isKnown(records)) {
                state.place(records.type(), records.body(), place);
            } else {
                state.apply(records.type(), records.body(), place);
            }
            batchCount++;
        }
    }

    private boolean isKnown(RecordCursor record) {
        return captured.isPresent() && captured.get().has(record.type(), record.body(), record.position());
    }

    /// The checkpoint counted the batches of each partition when it took it down. They must all be there when the log
    /// was read up to that position, before later entries change the counts.
    private void checkSlicesBefore(long position) {
        while (!unchecked.isEmpty() && unchecked.firstKey() < position) {
            for (PartitionId partitionId : unchecked.pollFirstEntry().getValue()) {
                if (missing.isEmpty()) {
                    missing = captured.orElseThrow().missing(partitionId, state);
                }
            }
        }
    }

    /// The log was read to its end, and nothing in it was found to be damaged.
    void checkComplete() throws CorruptLogException {
        checkSlicesBefore(Long.MAX_VALUE);
        if (missing.isPresent()) {
            throw new CorruptLogException(Checkpoint.FILE_NAME, 0, missing.get());
        }
    }

    long batchCount() {
        return batchCount;
    }
}
