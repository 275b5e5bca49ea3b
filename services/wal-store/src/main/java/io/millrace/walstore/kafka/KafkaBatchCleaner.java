package io.millrace.walstore.kafka;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.Survivors;
import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
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

    private static final long NO_TIMESTAMP = org.apache.kafka.common.record.internal.RecordBatch.NO_TIMESTAMP;
    private static final long NO_PRODUCER_ID = org.apache.kafka.common.record.internal.RecordBatch.NO_PRODUCER_ID;

    private final BufferSupplier buffers = BufferSupplier.create();

    @Override
    public void readKeys(RecordBatch batch, KeyedRecord each) {
        if (batch.isControl()) {
            return;
        }
        MutableRecordBatch kafkaBatch = records(batch).batchIterator().next();
        Order order = new Order(batch);
        try (CloseableIterator<Record> records = kafkaBatch.streamingIterator(buffers)) {
            while (records.hasNext()) {
                Record record = records.next();
                order.check(record);
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
            return filtered(batch, survivors);
        } catch (KafkaException | IllegalArgumentException e) {
            // Accepted from a producer that the listener was told to trust, or what Kafka reads and does not write.
            survivors.keepTombstonesFrom(batch);
            return Optional.of(batch);
        }
    }

    private Optional<RecordBatch> filtered(RecordBatch batch, Survivors survivors) {
        ByteBuffer target = ByteBuffer.allocate(batch.sizeInBytes());
        Filter filter = new Filter(batch, survivors);
        var result = records(batch).filterTo(filter, target, buffers);
        ByteBuffer cleaned = result.outputBuffer().flip();
        if (!cleaned.hasRemaining()) {
            return Optional.empty();
        }
        if (!filter.isWritable) {
            throw new InvalidRecordException("Kafka's code does not write all of " + batch);
        }
        return Optional.of(cleaned.equals(batch.buffer()) ? batch : RecordBatch.view(cleaned));
    }

    private static MemoryRecords records(RecordBatch batch) {
        return MemoryRecords.readableRecords(batch.buffer());
    }

    /// Kafka's question for each batch and record, answered by the survivors.
    private static final class Filter extends RecordFilter {

        private final RecordBatch batch;
        private final Survivors survivors;
        private final Order order;
        /// Whether Kafka's code writes such records. A batch that has others stays whole, also in a pass that
        /// removes nothing of it or just those: what an earlier one could not remove would seem to be the last.
        private boolean isWritable;

        /// Kafka's code adds the two numbers up to the delete horizon of a batch that has none yet.
        Filter(RecordBatch batch, Survivors survivors) {
            super(survivors.deleteHorizonMillis(batch).orElse(NO_TIMESTAMP), 0);
            this.batch = batch;
            this.survivors = survivors;
            this.order = new Order(batch);
            this.isWritable = batch.hasProducerId() || batch.producerId() == NO_PRODUCER_ID;
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
            order.check(record);
            isWritable &= record.timestamp() >= NO_TIMESTAMP;
            if (!record.hasKey() || !survivors.isLatest(record.offset(), Objects.requireNonNull(record.key()))) {
                return false;
            }
            var horizon = kafkaBatch.deleteHorizonMs();
            return record.hasValue() || horizon.isEmpty() || !survivors.isOver(record.offset(), horizon.getAsLong());
        }
    }

    /// Refuses records whose offsets do not grow or are not the batch's.
    private static final class Order {

        private final long lastOffset;
        private long nextOffset;

        Order(RecordBatch batch) {
            this.lastOffset = batch.lastOffset();
            this.nextOffset = batch.baseOffset();
        }

        void check(Record record) {
            if (record.offset() < nextOffset || record.offset() > lastOffset) {
                throw new InvalidRecordException("Offset " + record.offset() + " is not where it should be");
            }
            nextOffset = record.offset() + 1;
        }
    }
}
