package io.millrace.walstore.kafka;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.Survivors;
import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/// Cleans batches with Kafka's own code, the one that its brokers compact with.
///
/// Threads: one at a time, as it keeps the codecs' buffers, except for `find`.
/// Source: KIP-534.
public final class KafkaBatchCleaner implements BatchCleaner {

    private final BufferSupplier buffers = BufferSupplier.create();

    @Override
    public void readKeys(RecordBatch batch, KeyedRecord each) {
        if (batch.isControl()) {
            return;
        }
        MutableRecordBatch kafkaBatch = records(batch).batchIterator().next();
        try (CloseableIterator<Record> records = kafkaBatch.streamingIterator(buffers)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.hasKey()) {
                    each.at(record.offset(), record.key());
                }
            }
        } catch (KafkaException | IllegalArgumentException unreadable) {
            // What the rest of it would have said is not known, so earlier records of those keys stay.
            return;
        }
    }

    @Override
    public Optional<TimedRecord> find(RecordBatch batch, TimedRecord least) {
        MutableRecordBatch kafkaBatch = records(batch).batchIterator().next();
        try (CloseableIterator<Record> records = kafkaBatch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= least.offset() && record.timestamp() >= least.timestampMillis()) {
                    return Optional.of(new TimedRecord(record.offset(), record.timestamp()));
                }
            }
            return Optional.empty();
        } catch (KafkaException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<RecordBatch> clean(RecordBatch batch, Survivors survivors) {
        if (survivors.isUntouched(batch)) {
            return Optional.of(batch);
        }
        try {
            ByteBuffer target = ByteBuffer.allocate(batch.sizeInBytes());
            var result = records(batch).filterTo(new Filter(batch, survivors), target, buffers);
            ByteBuffer cleaned = result.outputBuffer().flip();
            if (!cleaned.hasRemaining()) {
                return Optional.empty();
            }
            return Optional.of(cleaned.equals(batch.buffer()) ? batch : RecordBatch.view(cleaned));
        } catch (KafkaException | IllegalArgumentException unreadable) {
            // Accepted from a producer that the listener was told to trust.
            return Optional.of(batch);
        }
    }

    private static MemoryRecords records(RecordBatch batch) {
        return MemoryRecords.readableRecords(batch.buffer());
    }

    /// Kafka's question for each batch and record, answered by the survivors.
    private static final class Filter extends RecordFilter {

        private final RecordBatch batch;
        private final Survivors survivors;

        Filter(RecordBatch batch, Survivors survivors) {
            super(survivors.tombstones().nowMillis(), survivors.tombstones().retentionMillis());
            this.batch = batch;
            this.survivors = survivors;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(
                org.apache.kafka.common.record.internal.RecordBatch kafkaBatch) {
            BatchRetention retention =
                    survivors.isKeptWhenEmpty(batch) ? BatchRetention.RETAIN_EMPTY : BatchRetention.DELETE_EMPTY;
            return new BatchRetentionResult(retention, false);
        }

        @Override
        protected boolean shouldRetainRecord(
                org.apache.kafka.common.record.internal.RecordBatch kafkaBatch, Record record) {
            if (!record.hasKey() || !survivors.isLatest(record.offset(), Objects.requireNonNull(record.key()))) {
                return false;
            }
            var horizon = kafkaBatch.deleteHorizonMs();
            return record.hasValue() || horizon.isEmpty() || !survivors.isOver(horizon.getAsLong());
        }
    }
}
