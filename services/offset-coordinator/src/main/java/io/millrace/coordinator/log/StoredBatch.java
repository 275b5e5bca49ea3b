package io.millrace.coordinator.log;

import java.nio.ByteBuffer;

/// What one slot of the log holds.
///
/// Threads: immutable; nobody writes into `bytes`.
///
/// @param epoch of the owner that put it
/// @param count of sequences that it takes, at least one
/// @param bytes the records as the coordinator wrote them, empty for a barrier
// Nobody compares it, and a copy of the bytes for each look would cost.
@SuppressWarnings("ArrayRecordComponent")
record StoredBatch(Kind kind, int epoch, int count, byte[] bytes) {

    enum Kind {
        BARRIER,
        RECORDS;

        private byte code() {
            return switch (this) {
                case BARRIER -> 0;
                case RECORDS -> 1;
            };
        }

        private static Kind of(byte code, Slot slot) throws GroupStoreException {
            return switch (code) {
                case 0 -> BARRIER;
                case 1 -> RECORDS;
                default -> throw new GroupStoreException("kind " + code + " at " + slot);
            };
        }
    }

    private static final int HEADER_BYTES = Byte.BYTES + Integer.BYTES + Integer.BYTES;

    StoredBatch {
        if (count < 1) {
            throw new IllegalArgumentException("a batch takes at least one sequence, not " + count);
        }
    }

    static StoredBatch barrier(int epoch) {
        return new StoredBatch(Kind.BARRIER, epoch, 1, new byte[0]);
    }

    byte[] encode() {
        ByteBuffer out = StoredBytes.allocate(HEADER_BYTES + bytes.length);
        out.put(kind.code()).putInt(epoch).putInt(count).put(bytes);
        return StoredBytes.seal(out);
    }

    static StoredBatch decode(byte[] stored, Slot slot) throws GroupStoreException {
        ByteBuffer in = StoredBytes.open(stored, slot);
        if (in.remaining() < HEADER_BYTES) {
            throw new GroupStoreException("not a batch at " + slot);
        }
        Kind kind = Kind.of(in.get(), slot);
        int epoch = in.getInt();
        int count = in.getInt();
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return new StoredBatch(kind, epoch, count, bytes);
    }
}
