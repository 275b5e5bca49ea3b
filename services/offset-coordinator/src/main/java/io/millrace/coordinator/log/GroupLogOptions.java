package io.millrace.coordinator.log;

/// The bounds of a [LocalGroupLog].
///
/// @param inFlightBytesMax of one shard's puts that are not yet durable; further appends are refused
/// @param foldAfterBatches as many durable batches of a shard start a fold
/// @param foldAfterBytes as many durable bytes of a shard start one, too
/// @param tailBatchesMax batches of a shard that are not folded; further appends are refused
public record GroupLogOptions(long inFlightBytesMax, int foldAfterBatches, long foldAfterBytes, int tailBatchesMax) {

    public GroupLogOptions {
        if (inFlightBytesMax < 1 || foldAfterBatches < 1 || foldAfterBytes < 1 || tailBatchesMax < foldAfterBatches) {
            throw new IllegalArgumentException("bounds of the group log: " + inFlightBytesMax + ", " + foldAfterBatches
                    + ", " + foldAfterBytes + ", " + tailBatchesMax);
        }
    }
}
