package io.millrace.ingest.kafka;

import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.RecordBatch;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/// Finds the record with a timestamp inside a compressed batch, which wal-store has no codec for.
final class TimestampSearch {

    private TimestampSearch() {}

    /// Decompresses the batch: not for an event loop.
    static OffsetOutcome find(OffsetQuery query, OffsetOutcome.InBatch found) {
        RecordBatch batch = found.batch();
        long from = query instanceof OffsetQuery.AtTimestamp at ? at.timestampMillis() : batch.maxTimestamp();
        for (MutableRecordBatch kafkaBatch :
                MemoryRecords.readableRecords(batch.buffer()).batches()) {
            try (CloseableIterator<Record> records =
                    ((DefaultRecordBatch) kafkaBatch).skipKeyValueIterator(BufferSupplier.NO_CACHING)) {
                while (records.hasNext()) {
                    Record record = records.next();
                    if (record.offset() >= found.fromOffset() && record.timestamp() >= from) {
                        return new OffsetOutcome.Found(record.offset(), record.timestamp(), batch.leaderEpoch());
                    }
                }
            } catch (KafkaException e) {
                return new OffsetOutcome.Unknown("the records of " + batch + " cannot be read: " + e.getMessage());
            }
        }
        return new OffsetOutcome.NotFound();
    }
}
