package io.millrace.coordinator.log;

import java.time.Duration;

/// The bounds of a [LocalGroupLog].
///
/// @param inFlightBytesMax of one shard's puts that are not yet durable; further appends are refused
/// @param foldAfterBatches as many durable batches of a shard start a fold
/// @param foldAfterBytes as many durable bytes of a shard start one, too; one fold takes no more, but for one batch
/// @param tailBatchesMax batches of a shard that are not folded; further appends are refused
/// @param tailBytesMax the same in bytes, but for one batch; a take-over has them in memory
/// @param putTimeout without any put completed, a shard that has some under way is lost
/// @param stepTimeout of one step of a take-over or a fold
public record GroupLogOptions(
        long inFlightBytesMax,
        int foldAfterBatches,
        long foldAfterBytes,
        int tailBatchesMax,
        long tailBytesMax,
        Duration putTimeout,
        Duration stepTimeout) {

    public GroupLogOptions {
        boolean isFoldPossible = foldAfterBatches >= 1
                && foldAfterBytes >= 1
                && tailBatchesMax >= foldAfterBatches
                && tailBytesMax >= foldAfterBytes;
        if (inFlightBytesMax < 1 || !isFoldPossible) {
            throw new IllegalArgumentException("bounds of the group log: " + inFlightBytesMax + ", " + foldAfterBatches
                    + ", " + foldAfterBytes + ", " + tailBatchesMax + ", " + tailBytesMax);
        }
        if (!putTimeout.isPositive() || !stepTimeout.isPositive()) {
            throw new IllegalArgumentException("times of the group log: " + putTimeout + ", " + stepTimeout);
        }
    }
}
