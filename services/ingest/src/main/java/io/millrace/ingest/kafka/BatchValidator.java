package io.millrace.ingest.kafka;

import io.millrace.ingest.kafka.RecordWalk.RecordRules;
import io.millrace.ingest.kafka.Validation.RecordProblem;
import io.millrace.ingest.kafka.Validation.Rejected;
import io.millrace.ingest.kafka.Validation.Valid;
import io.millrace.kafka.wire.SnappyBlocks;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;

/// Decides whether a record batch may be stored, as Kafka's brokers do, with their messages.
///
/// Header and checksum are always checked. The records are walked, uncompressed ones where they lie and compressed
/// ones as they come out of the codec, unless the service trusts its producers.
///
/// Threads: any; [#validateQuickly] on event loops, [#validate] elsewhere.
/// Source: Kafka protocol, Produce; KIP-467, KIP-937 (timestamps).
public final class BatchValidator {

    private static final int ZSTD = 4;
    private static final int SNAPPY = 2;
    /// Real records are packed to a tenth or so; the loop's time is for those.
    private static final int QUICK_RATIO = 64;

    private static final int CRC_POSITION = 17;
    private static final int ATTRIBUTES_POSITION = 21;
    private static final int MAX_TIMESTAMP_POSITION = 35;

    /// Kafka's codecs keep their buffers in these; one for each thread that decompresses.
    private static final ThreadLocal<BufferSupplier> BUFFERS = ThreadLocal.withInitial(BufferSupplier::create);

    private final LongSupplier wallClockMillis;
    private final Options options;

    /// @param wallClockMillis for the topic's limits on timestamps
    public BatchValidator(LongSupplier wallClockMillis, Options options) {
        this.wallClockMillis = wallClockMillis;
        this.options = options;
    }

    /// Bounds of the work that one batch may cause.
    ///
    /// @param walksRecords false if the producers are trusted to write what their headers say
    /// @param quickBytes compressed batches up to this size are decompressed on the event loop
    /// @param uncompressedBytesMax what a batch may decompress to, unless its topic takes as much uncompressed
    public record Options(boolean walksRecords, int quickBytes, long uncompressedBytesMax) {}

    /// What an event loop may decompress for one request.
    Inflation quickInflation() {
        return new Inflation((long) QUICK_RATIO * options.quickBytes());
    }

    /// Validates the batch if that takes so little time that an event loop may do it.
    ///
    /// @param partition for messages
    /// @param inflation what is left of the request's
    /// @return empty if the batch must be validated elsewhere
    Optional<Validation> validateQuickly(RecordBatch batch, int partition, TopicRules rules, Inflation inflation) {
        boolean isCompressed = batch.compressionCode() != 0 && options.walksRecords();
        if (rules.otherCompression(batch).isPresent() || (isCompressed && batch.sizeInBytes() > options.quickBytes())) {
            return Optional.empty();
        }
        try {
            return Optional.of(validate(batch, partition, rules, inflation));
        } catch (Inflation.BeyondException e) {
            return Optional.empty();
        }
    }

    /// @param partition for messages
    Validation validate(RecordBatch batch, int partition, TopicRules rules) {
        long bytesMax = uncompressedBytesMax(rules);
        try {
            return validate(batch, partition, rules, new Inflation(bytesMax));
        } catch (Inflation.BeyondException e) {
            return new Rejected(
                    Refusal.INVALID_RECORD,
                    "The batch decompresses to more than " + bytesMax + " bytes in topic partition "
                            + where(partition, rules) + ".");
        }
    }

    private Validation validate(RecordBatch batch, int partition, TopicRules rules, Inflation inflation)
            throws Inflation.BeyondException {
        Optional<Rejected> headerProblem = headerProblem(batch, partition, rules);
        if (headerProblem.isPresent()) {
            return headerProblem.get();
        }
        Optional<Compression> otherCompression = rules.otherCompression(batch);
        if (!options.walksRecords() && otherCompression.isEmpty()) {
            return new Valid(batch);
        }
        RecordWalk walk;
        try {
            walk = walked(batch, recordRules(partition, rules), inflation, uncompressedBytesMax(rules));
        } catch (InvalidRecordsException e) {
            return new Rejected(
                    Refusal.INVALID_RECORD, e.getMessage() + " in topic partition " + where(partition, rules) + ".");
        } catch (IOException e) {
            return new Rejected(Refusal.CORRUPT_BATCH, "The records cannot be decompressed: " + e.getMessage());
        }
        if (walk.problemCount() > 0) {
            return rejected(walk);
        }
        if (otherCompression.isPresent()) {
            return recompressed(batch, partition, rules, walk, otherCompression.get());
        }
        boolean claimsOtherTime = !rules.isLogAppendTime() && walk.maxTimestamp() != batch.maxTimestamp();
        return new Valid(claimsOtherTime ? withMaxTimestamp(batch, walk.maxTimestamp()) : batch);
    }

    private Optional<Rejected> headerProblem(RecordBatch batch, int partition, TopicRules rules) {
        if (batch.sizeInBytes() > rules.maxMessageBytes()) {
            return Optional.of(tooLarge(batch.sizeInBytes(), partition, rules));
        }
        if (!batch.hasValidChecksum()) {
            return Optional.of(new Rejected(
                    Refusal.CORRUPT_BATCH, "Record is corrupt in topic partition " + where(partition, rules) + "."));
        }
        if (batch.compressionCode() > ZSTD) {
            return Optional.of(new Rejected(
                    Refusal.UNSUPPORTED_COMPRESSION, "Unknown compression type id: " + batch.compressionCode()));
        }
        String problem = null;
        if (batch.isControl()) {
            problem = "Clients are not allowed to write control records.";
        } else if (batch.baseOffset() != 0) {
            problem = "The baseOffset of the record batch in the append to " + where(partition, rules)
                    + " should be 0, but it is " + batch.baseOffset();
        } else if (batch.recordCount() <= 0) {
            problem = "Invalid reported count for record batch: " + batch.recordCount();
        } else if (batch.lastOffsetDelta() != batch.recordCount() - 1) {
            problem = "Inconsistent batch offset range [0, " + batch.lastOffsetDelta() + "] and count of records "
                    + batch.recordCount();
        } else if (batch.hasProducerId() && batch.baseSequence() < 0) {
            problem = "Invalid sequence number " + batch.baseSequence() + " in record batch with producerId "
                    + batch.producerId();
        } else if (batch.isLogAppendTime() && !rules.isLogAppendTime()) {
            return Optional.of(new Rejected(
                    Refusal.INVALID_TIMESTAMP,
                    "Invalid timestamp type in message: Producer should not set timestamp type to LogAppendTime."));
        }
        return Optional.ofNullable(problem).map(message -> new Rejected(Refusal.INVALID_RECORD, message));
    }

    private long uncompressedBytesMax(TopicRules rules) {
        return Math.max(options.uncompressedBytesMax(), rules.maxMessageBytes());
    }

    private static RecordWalk walked(RecordBatch batch, RecordRules rules, Inflation inflation, long blockBytesMax)
            throws InvalidRecordsException, IOException, Inflation.BeyondException {
        ByteBuffer records = batch.buffer().position(RecordBatch.HEADER_BYTES);
        if (batch.compressionCode() == 0) {
            RecordWalk walk = RecordWalk.over(records.slice());
            walk.walk(batch, rules);
            return walk;
        }
        if (batch.compressionCode() == SNAPPY) {
            Optional<String> problem = SnappyBlocks.problem(records, blockBytesMax);
            if (problem.isPresent()) {
                throw new InvalidRecordsException(problem.get());
            }
        }
        Compression codec =
                Compression.of(CompressionType.forId(batch.compressionCode())).build();
        try (InputStream source = codec.wrapForInput(records.slice(), (byte) 2, BUFFERS.get())) {
            RecordWalk walk = RecordWalk.over(source, inflation);
            walk.walk(batch, rules);
            return walk;
        } catch (RuntimeException e) {
            // The codecs have no type of their own for bad bytes: they throw what their first failing check throws.
            throw new IOException(e.toString(), e);
        }
    }

    private RecordRules recordRules(int partition, TopicRules rules) {
        if (rules.isLogAppendTime()) {
            return new RecordRules(
                    rules.topic().name(), partition, rules.isCompacted(), Long.MIN_VALUE, Long.MAX_VALUE);
        }
        long now = wallClockMillis.getAsLong();
        long from = now - rules.timestampBeforeMaxMillis();
        long to = now + rules.timestampAfterMaxMillis();
        // A limit that no clock reaches means no limit.
        return new RecordRules(
                rules.topic().name(), partition, rules.isCompacted(), from, to < now ? Long.MAX_VALUE : to);
    }

    private static Rejected rejected(RecordWalk walk) {
        List<RecordProblem> problems = walk.problems();
        boolean isTimestamp =
                problems.stream().anyMatch(problem -> problem.message().startsWith("Timestamp "));
        if (isTimestamp) {
            return new Rejected(
                    Refusal.INVALID_TIMESTAMP,
                    "One or more records have been rejected due to invalid timestamp",
                    problems);
        }
        return new Rejected(
                Refusal.INVALID_RECORD,
                "One or more records have been rejected due to " + walk.problemCount()
                        + " record errors in total, and only showing the first three errors at most: "
                        + problems.subList(0, Math.min(problems.size(), 3)),
                problems);
    }

    private static Validation recompressed(
            RecordBatch batch, int partition, TopicRules rules, RecordWalk walk, Compression compression) {
        long uncompressed = RecordBatch.HEADER_BYTES + walk.position();
        if (compression.type() == CompressionType.NONE && uncompressed > rules.maxMessageBytes()) {
            return tooLarge(uncompressed, partition, rules);
        }
        RecordBatch other = Recompression.to(compression, batch, BUFFERS.get());
        return other.sizeInBytes() > rules.maxMessageBytes()
                ? tooLarge(other.sizeInBytes(), partition, rules)
                : new Valid(other);
    }

    /// Retention and look-ups by time trust the header, so it must say what the records say. Kafka mends it likewise.
    private static RecordBatch withMaxTimestamp(RecordBatch batch, long maxTimestamp) {
        ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes()).put(batch.buffer());
        copy.putLong(MAX_TIMESTAMP_POSITION, maxTimestamp);
        CRC32C crc = new CRC32C();
        crc.update(copy.array(), ATTRIBUTES_POSITION, copy.capacity() - ATTRIBUTES_POSITION);
        return RecordBatch.view(copy.putInt(CRC_POSITION, (int) crc.getValue()).flip());
    }

    private static Rejected tooLarge(long bytes, int partition, TopicRules rules) {
        return new Rejected(
                Refusal.RECORD_TOO_LARGE,
                "The record batch size in the append to " + where(partition, rules) + " is " + bytes
                        + " bytes which exceeds the maximum configured value of " + rules.maxMessageBytes() + ".");
    }

    private static String where(int partition, TopicRules rules) {
        return rules.topic().name() + "-" + partition;
    }
}
