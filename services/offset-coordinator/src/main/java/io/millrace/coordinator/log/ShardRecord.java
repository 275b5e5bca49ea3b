package io.millrace.coordinator.log;

import java.nio.ByteBuffer;

/// What must be known of a shard before its log is read.
///
/// Threads: immutable.
///
/// @param epoch of the last owner that took the shard over
/// @param foldedUpTo the slot at which the tail begins; everything before it is in the entries
/// @param foldedEpoch of the last batch that was folded
record ShardRecord(int epoch, long foldedUpTo, int foldedEpoch) {

    static final ShardRecord FIRST = new ShardRecord(0, 0, 0);

    private static final int BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES;

    ShardRecord ofNextOwner() {
        return new ShardRecord(Math.addExact(epoch, 1), foldedUpTo, foldedEpoch);
    }

    byte[] encode() {
        return StoredBytes.seal(
                StoredBytes.allocate(BYTES).putInt(epoch).putLong(foldedUpTo).putInt(foldedEpoch));
    }

    static ShardRecord decode(byte[] stored, Slot slot) throws GroupStoreException {
        ByteBuffer in = StoredBytes.open(stored, slot);
        if (in.remaining() != BYTES) {
            throw new GroupStoreException("not a shard's state at " + slot);
        }
        return new ShardRecord(in.getInt(), in.getLong(), in.getInt());
    }
}
