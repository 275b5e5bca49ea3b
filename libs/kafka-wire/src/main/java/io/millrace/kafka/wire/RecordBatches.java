package io.millrace.kafka.wire;

import io.millrace.kafka.wire.PlainRecord.PlainHeader;
import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.jspecify.annotations.Nullable;

/// Batches from records and records from batches, for the REST interface; the Kafka paths leave batches closed.
///
/// Threads: stateless.
public final class RecordBatches {

    private RecordBatches() {}

    /// A batch of version 2 with base offset 0 and no producer id.
    ///
    /// @param compressionCode Kafka's number of the codec, see [RecordBatch#compressionCode]
    /// @throws IllegalArgumentException if there is no record, or no such codec
    public static RecordBatch build(List<PlainRecord> records, int compressionCode) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one record");
        }
        Compression compression =
                Compression.of(CompressionType.forId(compressionCode)).build();
        SimpleRecord[] simple =
                records.stream().map(RecordBatches::simpleRecord).toArray(SimpleRecord[]::new);
        return RecordBatch.view(MemoryRecords.withRecords(compression, simple).buffer());
    }

    /// The batch's records from one on, up to a count and, after the first, up to a number of content bytes.
    ///
    /// @throws InvalidBatchException if the batch's bytes are no records, which a validated batch never is
    public static List<PlainRecord> read(RecordBatch batch, From from, Limit limit) {
        List<PlainRecord> found = new ArrayList<>();
        long bytes = 0;
        MutableRecordBatch kafkaBatch = kafkaBatch(batch);
        try (CloseableIterator<Record> records = kafkaBatch.streamingIterator(BufferSupplier.NO_CACHING)) {
            while (found.size() < limit.recordCount() && bytes < limit.contentBytes() && records.hasNext()) {
                Record record = records.next();
                if (!found.isEmpty() || from.isReached(record)) {
                    PlainRecord plain = plainRecord(record);
                    found.add(plain);
                    bytes += plain.contentBytes();
                }
            }
        } catch (KafkaException | IllegalArgumentException e) {
            throw new InvalidBatchException("cannot read the records of " + batch, e);
        }
        return found;
    }

    /// The first record to read: the first that has the offset or a later one, and the timestamp or a later one.
    public record From(long offset, long timestampMillis) {

        public static From offset(long offset) {
            return new From(offset, Long.MIN_VALUE);
        }

        private boolean isReached(Record record) {
            return record.offset() >= offset && record.timestamp() >= timestampMillis;
        }
    }

    /// How much to read.
    public record Limit(int recordCount, long contentBytes) {}

    /// A batch whose records cannot be read.
    public static final class InvalidBatchException extends RuntimeException {
        InvalidBatchException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static MutableRecordBatch kafkaBatch(RecordBatch batch) {
        for (MutableRecordBatch kafkaBatch :
                MemoryRecords.readableRecords(batch.buffer()).batches()) {
            return kafkaBatch;
        }
        throw new InvalidRecordException("no batch in the bytes of " + batch);
    }

    private static SimpleRecord simpleRecord(PlainRecord record) {
        Header[] headers = record.headers().stream()
                .map(header -> new RecordHeader(
                        header.name(), header.value().map(RecordBatches::bytes).orElse(null)))
                .toArray(Header[]::new);
        return new SimpleRecord(
                record.timestampMillis(),
                record.key().map(ByteBuffer::duplicate).orElse(null),
                record.value().map(ByteBuffer::duplicate).orElse(null),
                headers);
    }

    private static PlainRecord plainRecord(Record record) {
        List<PlainHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new PlainHeader(header.key(), optional(header.value())));
        }
        return new PlainRecord(
                record.offset(),
                record.timestamp(),
                Optional.ofNullable(record.key()),
                Optional.ofNullable(record.value()),
                headers);
    }

    private static Optional<ByteBuffer> optional(byte @Nullable [] bytes) {
        return Optional.ofNullable(bytes).map(ByteBuffer::wrap);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
