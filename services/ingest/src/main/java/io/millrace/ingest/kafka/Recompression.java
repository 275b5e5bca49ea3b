package io.millrace.ingest.kafka;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/// Writes a batch anew with another codec, because its topic asks for one.
final class Recompression {

    private Recompression() {}

    /// @param batch one that was walked: its records are as long as they say
    static RecordBatch to(Compression compression, RecordBatch batch, BufferSupplier buffers) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(batch.sizeInBytes()),
                (byte) 2,
                compression,
                TimestampType.CREATE_TIME,
                0,
                -1,
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence(),
                false,
                -1);
        for (MutableRecordBatch source :
                MemoryRecords.readableRecords(batch.buffer()).batches()) {
            try (CloseableIterator<Record> records = source.streamingIterator(buffers)) {
                while (records.hasNext()) {
                    builder.append(records.next());
                }
            }
        }
        return RecordBatch.view(builder.build().buffer());
    }
}
