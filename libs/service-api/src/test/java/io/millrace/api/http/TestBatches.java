package io.millrace.api.http;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.TopicId;
import java.nio.ByteBuffer;

/// Batches that are told apart by their base sequence; their checksums are nobody's business here.
final class TestBatches {

    static final PartitionId PARTITION = new PartitionId(new TopicId(7, 8), 3);

    private TestBatches() {}

    static RecordBatch numbered(int number, int sizeInBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(sizeInBytes);
        bytes.putInt(8, sizeInBytes - RecordBatch.LOG_OVERHEAD_BYTES)
                .put(16, (byte) 2)
                .putInt(53, number)
                .putInt(57, 1);
        return RecordBatch.view(bytes);
    }
}
