package io.millrace.store;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;

/// A batch that was read from the log and checked, and its record there, with header and padding.
///
/// Ownership: both view the bytes that were read.
///
/// @param isAmongOthers whether most of those bytes are other partitions' data
record StoredBatch(RecordBatch batch, ByteBuffer record, boolean isAmongOthers) {

    /// For somebody who keeps it: whoever keeps a batch keeps the bytes that it views.
    RecordBatch kept() {
        return isAmongOthers ? batch.placedAt(batch.baseOffset(), batch.leaderEpoch()) : batch;
    }
}
