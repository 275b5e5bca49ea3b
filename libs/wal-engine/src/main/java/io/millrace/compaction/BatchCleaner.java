package io.millrace.compaction;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Looks into record batches, which the engine otherwise never does, and writes them anew with fewer records.
///
/// Threads: one at a time, except where a word says otherwise.
/// Errors: a batch whose records cannot be read tells no keys and no timestamps, at least from there on. It stays
/// as it is, like one that could not be written anew, and the survivors are told to keep the tombstones behind it.
public interface BatchCleaner {

    /// Hears of one record.
    @FunctionalInterface
    interface KeyedRecord {

        /// Its offset and its key, which is lent for the call.
        void at(long offset, ByteBuffer key);
    }

    /// Tells of each record that has a key, in the order of their offsets, which are the batch's.
    void readKeys(RecordBatch batch, KeyedRecord each);

    /// A record's offset and timestamp.
    record TimedRecord(long offset, long timestampMillis) {}

    /// The first record that has neither a smaller offset nor an earlier timestamp than these. Any thread.
    Optional<TimedRecord> find(RecordBatch batch, TimedRecord least);

    /// The batch with those of its records that survive, at their offsets, with its own first and last offset,
    /// producer and sequences; the very same batch if all survive; empty if it need not stay.
    ///
    /// Tombstones get their time to vanish, the delete horizon, when a pass has learned the whole batch.
    /// Source: KIP-534; a record without a key does not survive.
    Optional<RecordBatch> clean(RecordBatch batch, Survivors survivors);
}
