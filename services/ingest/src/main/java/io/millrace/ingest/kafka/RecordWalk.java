package io.millrace.ingest.kafka;

import io.millrace.ingest.kafka.Validation.RecordProblem;
import io.millrace.model.RecordBatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One pass over the records of a batch, which reads every length and copies no key and no value.
///
/// Uncompressed records are read where they lie; compressed ones through a window of a few kilobytes, up to a
/// limit, so that a small batch that inflates to gigabytes costs neither memory nor much time.
///
/// ```
/// record: length varint, attributes 1, timestampDelta varlong, offsetDelta varint,
///         keyLength varint (-1 null), key, valueLength varint (-1 null), value, headerCount varint, headers
/// header: keyLength varint, key, valueLength varint (-1 null), value
/// ```
///
/// Threads: one. Errors: [InvalidRecordsException] at the first byte that cannot be right,
/// [Inflation.BeyondException] when the codec puts out too much.
/// Source: Kafka documentation, "Message format".
final class RecordWalk {

    private static final int WINDOW_BYTES = 8 * 1024;
    private static final int RECORD_PROBLEMS_MAX = 100;
    private static final byte[] NO_BYTES = {};

    private final @Nullable InputStream source;
    private final Inflation inflation;
    private final byte[] windowBytes;
    private ByteBuffer window;

    /// Bytes of the windows before this one.
    private long bytesBefore;

    private long maxTimestamp = -1;
    private int problemCount;
    private final List<RecordProblem> problems = new ArrayList<>(0);

    private RecordWalk(@Nullable InputStream source, byte[] windowBytes, ByteBuffer window, Inflation inflation) {
        this.source = source;
        this.windowBytes = windowBytes;
        this.window = window;
        this.inflation = inflation;
    }

    /// Over records as they lie in the batch.
    static RecordWalk over(ByteBuffer records) {
        return new RecordWalk(null, NO_BYTES, records, new Inflation(0));
    }

    /// Over records as they come out of a codec.
    ///
    /// @param inflation how much may come out
    static RecordWalk over(InputStream records, Inflation inflation) {
        byte[] bytes = new byte[WINDOW_BYTES];
        return new RecordWalk(records, bytes, ByteBuffer.wrap(bytes).limit(0), inflation);
    }

    /// Reads all records that the batch says it has.
    void walk(RecordBatch batch, RecordRules rules)
            throws InvalidRecordsException, IOException, Inflation.BeyondException {
        for (int index = 0; index < batch.recordCount(); index++) {
            long length = readVarint("record length");
            if (length < 0) {
                throw new InvalidRecordsException("Record " + index + " has the negative length " + length);
            }
            long end = position() + length;
            record(index, end, batch, rules);
            if (position() != end) {
                throw new InvalidRecordsException("Invalid record size: expected to read " + length
                        + " bytes in record payload of record " + index + ", but instead read "
                        + (position() - (end - length)));
            }
        }
        if (window.hasRemaining() || refill()) {
            throw new InvalidRecordsException(
                    "Incorrect declared batch size, records still remaining after the last of " + batch.recordCount());
        }
    }

    /// The largest timestamp of a record, -1 if none has one.
    long maxTimestamp() {
        return maxTimestamp;
    }

    /// Bytes read so far, after decompression.
    long position() {
        return bytesBefore + window.position();
    }

    int problemCount() {
        return problemCount;
    }

    /// The first of the problems that single records have.
    List<RecordProblem> problems() {
        return problems;
    }

    private void record(int index, long end, RecordBatch batch, RecordRules rules)
            throws InvalidRecordsException, IOException, Inflation.BeyondException {
        readByte();
        long timestamp = batch.baseTimestamp() + readVarlong();
        int offsetDelta = readVarint("offset delta");
        if (offsetDelta != index) {
            throw new InvalidRecordsException(
                    "Record " + index + " has the offset delta " + offsetDelta + ", which is out of sequence");
        }
        boolean hasKey = skipNullable(end, "key");
        skipNullable(end, "value");
        headers(end);
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        if (!hasKey && rules.keysRequired()) {
            problem(
                    index,
                    "Compacted topic cannot accept message without key in topic partition " + rules.topic() + "-"
                            + rules.partition() + ".");
        }
        if (timestamp != -1 && (timestamp < rules.timestampFrom() || timestamp > rules.timestampTo())) {
            problem(
                    index,
                    "Timestamp " + timestamp + " of message with offset " + index
                            + " is out of range. The timestamp should be within [" + rules.timestampFrom() + ", "
                            + rules.timestampTo() + "]");
        }
    }

    private void headers(long end) throws InvalidRecordsException, IOException, Inflation.BeyondException {
        int headerCount = readVarint("header count");
        // A header has at least two bytes, so a count that cannot fit ends here, not after two billion turns.
        if (headerCount < 0 || headerCount > (end - position()) / 2) {
            throw new InvalidRecordsException("Found invalid number of record headers " + headerCount);
        }
        for (int header = 0; header < headerCount; header++) {
            if (!skipNullable(end, "header key")) {
                throw new InvalidRecordsException("Invalid negative header key size");
            }
            skipNullable(end, "header value");
        }
    }

    /// @return whether there was something, even if empty
    private boolean skipNullable(long end, String what)
            throws InvalidRecordsException, IOException, Inflation.BeyondException {
        int length = readVarint(what);
        if (length < -1 || length > end - position()) {
            throw new InvalidRecordsException("Invalid " + what + " size " + length);
        }
        if (length > 0) {
            skip(length);
        }
        return length >= 0;
    }

    private void skip(int length) throws InvalidRecordsException, IOException, Inflation.BeyondException {
        int left = length;
        while (left > window.remaining()) {
            left -= window.remaining();
            window.position(window.limit());
            require(refill());
        }
        window.position(window.position() + left);
    }

    private int readVarint(String what) throws InvalidRecordsException, IOException, Inflation.BeyondException {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new InvalidRecordsException("Varint of " + what + " is too long");
    }

    private long readVarlong() throws InvalidRecordsException, IOException, Inflation.BeyondException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new InvalidRecordsException("Varlong of timestamp delta is too long");
    }

    private byte readByte() throws InvalidRecordsException, IOException, Inflation.BeyondException {
        if (!window.hasRemaining()) {
            require(refill());
        }
        return window.get();
    }

    private static void require(boolean hasBytes) throws InvalidRecordsException {
        if (!hasBytes) {
            throw new InvalidRecordsException("The records end in the middle of a record");
        }
    }

    /// Reads the next window.
    ///
    /// @return false at the end
    private boolean refill() throws InvalidRecordsException, IOException, Inflation.BeyondException {
        if (source == null) {
            return false;
        }
        bytesBefore += window.limit();
        int count = source.read(windowBytes, 0, windowBytes.length);
        window = ByteBuffer.wrap(windowBytes, 0, Math.max(count, 0));
        inflation.use(window.limit());
        return count > 0;
    }

    private void problem(int index, String message) {
        problemCount++;
        if (problems.size() < RECORD_PROBLEMS_MAX) {
            problems.add(new RecordProblem(index, message));
        }
    }

    /// What every single record must fulfil; topic and partition are for messages.
    record RecordRules(String topic, int partition, boolean keysRequired, long timestampFrom, long timestampTo) {}
}
