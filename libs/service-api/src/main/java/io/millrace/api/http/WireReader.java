package io.millrace.api.http;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads the fields of one message; never past its end, and never more than the bytes that are there.
///
/// Threads: one at a time. Errors: [MalformedMessageException].
final class WireReader {

    private static final int BATCH_LENGTH_POSITION = Long.BYTES;

    private final ByteBuffer bytes;

    private WireReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /// Reads one whole message; bytes left over, and values that the model's types refuse, make it malformed.
    static <T> T decode(ByteBuffer message, Function<WireReader, T> decoder) {
        WireReader reader = new WireReader(message);
        try {
            T value = decoder.apply(reader);
            if (reader.bytes.hasRemaining()) {
                throw new MalformedMessageException(reader.bytes.remaining() + " bytes after the end of a message");
            }
            return value;
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("a message has an impossible value: " + e.getMessage(), e);
        }
    }

    int remaining() {
        return bytes.remaining();
    }

    int readByte() {
        return need(1).get() & 0xff;
    }

    int readInt() {
        return need(Integer.BYTES).getInt();
    }

    long readLong() {
        return need(Long.BYTES).getLong();
    }

    String readString() {
        ByteBuffer utf8 = readSlice(readInt());
        return StandardCharsets.UTF_8.decode(utf8).toString();
    }

    /// A view of the next bytes.
    ByteBuffer readSlice(int size) {
        if (size < 0) {
            throw new MalformedMessageException("a length is negative: " + size);
        }
        need(size);
        ByteBuffer slice = bytes.slice(bytes.position(), size);
        bytes.position(bytes.position() + size);
        return slice;
    }

    ByteBuffer readRest() {
        return readSlice(bytes.remaining());
    }

    /// A view of the batch that begins here; its size is in its own header.
    RecordBatch readBatch() {
        int overhead = RecordBatch.LOG_OVERHEAD_BYTES;
        if (bytes.remaining() < overhead) {
            throw tooShort(overhead);
        }
        long size = (long) bytes.getInt(bytes.position() + BATCH_LENGTH_POSITION) + overhead;
        if (size < overhead || size > bytes.remaining()) {
            throw new MalformedMessageException("a batch of " + size + " bytes in " + bytes.remaining());
        }
        return RecordBatch.view(readSlice((int) size));
    }

    /// A count and so many elements; a count that the remaining bytes cannot hold is refused before anything is made.
    <T> List<T> readList(int elementBytesMin, Function<WireReader, T> decoder) {
        int count = readInt();
        if (count < 0 || (long) count * elementBytesMin > bytes.remaining()) {
            throw new MalformedMessageException(count + " elements in " + bytes.remaining() + " bytes");
        }
        List<T> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            elements.add(decoder.apply(this));
        }
        return elements;
    }

    TopicId readTopicId() {
        return new TopicId(readLong(), readLong());
    }

    PartitionId readPartitionId() {
        return new PartitionId(readTopicId(), readInt());
    }

    Watermarks readWatermarks() {
        return new Watermarks(readLong(), readLong(), readLong(), readInt());
    }

    Refusal readRefusal() {
        return Refusal.valueOf(readString());
    }

    static MalformedMessageException unknown(String what, int code) {
        return new MalformedMessageException("unknown " + what + " " + code);
    }

    private ByteBuffer need(int size) {
        if (bytes.remaining() < size) {
            throw tooShort(size);
        }
        return bytes;
    }

    private MalformedMessageException tooShort(int size) {
        return new MalformedMessageException("a message ends where " + size + " bytes should follow");
    }
}
