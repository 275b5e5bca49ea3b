package io.millrace.fetch.cache;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Copies of batches out of the buffer that they came in: who keeps a view of a few keeps the whole buffer in
/// memory, and it is those few that are counted.
///
/// Threads: stateless. Units: bytes.
final class ExactBuffer {

    private ExactBuffer() {}

    /// These batches in a buffer of exactly their size.
    static List<RecordBatch> of(List<RecordBatch> batches) {
        ByteBuffer buffer = ByteBuffer.allocate(size(batches));
        List<RecordBatch> copies = new ArrayList<>(batches.size());
        for (RecordBatch batch : batches) {
            int from = buffer.position();
            buffer.put(batch.buffer());
            copies.add(RecordBatch.view(buffer, from, batch.sizeInBytes()));
        }
        return copies;
    }

    /// These batches as they are if they are at least half of all that came with them, and copies otherwise.
    static List<RecordBatch> ofFew(List<RecordBatch> batches, long allBytes) {
        return batches.isEmpty() || 2L * size(batches) >= allBytes ? batches : of(batches);
    }

    private static int size(List<RecordBatch> batches) {
        int size = 0;
        for (RecordBatch batch : batches) {
            size += batch.sizeInBytes();
        }
        return size;
    }
}
