package io.millrace.coordinator.slots;

import java.util.concurrent.CompletableFuture;

/// One change of one slot that waits to be written.
///
/// Threads: the future is completed by the writer.
sealed interface Change {

    SlotName slot();

    CompletableFuture<Void> done();

    /// Of the record's body.
    int bodyBytes();

    // Nobody compares them, and a copy of the bytes for each look would cost.
    @SuppressWarnings("ArrayRecordComponent")
    record Put(SlotName slot, byte[] value, CompletableFuture<Void> done) implements Change {
        @Override
        public int bodyBytes() {
            return SlotRecord.headBytes(slot) + value.length;
        }
    }

    record Removal(SlotName slot, CompletableFuture<Void> done) implements Change {
        @Override
        public int bodyBytes() {
            return SlotRecord.headBytes(slot);
        }
    }

    /// The same value at a new place, so that its old segment can be freed; void if the slot has changed meanwhile.
    ///
    /// @param mayUseReserve whether all that the segment still has fits into what is left of a full disk
    // Nobody compares them, and a copy of the bytes for each look would cost.
    @SuppressWarnings("ArrayRecordComponent")
    record Move(SlotName slot, byte[] value, long fromPosition, boolean mayUseReserve, CompletableFuture<Void> done)
            implements Change {
        @Override
        public int bodyBytes() {
            return SlotRecord.headBytes(slot) + value.length;
        }
    }
}
