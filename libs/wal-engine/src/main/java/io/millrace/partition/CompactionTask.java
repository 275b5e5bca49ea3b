package io.millrace.partition;

import io.millrace.compaction.Survivors.Kept;
import io.millrace.compaction.Survivors.TombstoneTimes;

/// A partition to be compacted, as it was when that was decided. What was appended since makes no difference: more
/// stays than must.
///
/// Threads: immutable.
///
/// @param dirtyOffset everything before it was compacted
/// @param endOffset of the part to compact
public record CompactionTask(
        PartitionLog partition, long dirtyOffset, long endOffset, Kept kept, TombstoneTimes tombstones) {

    /// Whether nobody else has compacted it meanwhile. Any thread.
    public boolean isCurrent() {
        return partition.cleanedOffset() == dirtyOffset;
    }

    /// What compaction did.
    ///
    /// @param endOffset everything before it is compacted now
    public record Done(CompactionTask task, long endOffset, RemovedBytes removed) {}
}
