package io.millrace.api.http;

import io.millrace.model.Invariant;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Builds the bytes of messages: small things are copied together, large ones only referred to.
///
/// Threads: one at a time. Units: bytes.
/// Ownership: what is [gathered][#gather] must not change until the buffer was written.
final class WireWriter {

    /// Below it a copy is cheaper than one more component.
    private static final int COPY_BYTES_MAX = 8 * 1_024;

    private static final int LENGTH_BYTES = 4;

    private byte[] bytes;
    private int position;
    private long gatheredBytes;
    private @Nullable CompositeByteBuf gathered;

    WireWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    long size() {
        return gatheredBytes + position;
    }

    WireWriter putByte(int value) {
        reserve(1);
        bytes[position++] = (byte) value;
        return this;
    }

    WireWriter putInt(int value) {
        reserve(Integer.BYTES);
        setInt(position, value);
        position += Integer.BYTES;
        return this;
    }

    WireWriter putLong(long value) {
        return putInt((int) (value >>> Integer.SIZE)).putInt((int) value);
    }

    WireWriter putString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        putInt(utf8.length);
        reserve(utf8.length);
        System.arraycopy(utf8, 0, bytes, position, utf8.length);
        position += utf8.length;
        return this;
    }

    /// Appends the bytes between position and limit; the buffer's position stays.
    WireWriter gather(ByteBuffer source) {
        int size = source.remaining();
        if (size <= COPY_BYTES_MAX) {
            reserve(size);
            source.get(source.position(), bytes, position, size);
            position += size;
            return this;
        }
        CompositeByteBuf parts = spill();
        parts.addComponent(true, Unpooled.wrappedBuffer(source.duplicate()));
        gatheredBytes += size;
        return this;
    }

    /// Leaves room for a frame's length; give the answer to [#endFrame]. Nothing large may be gathered in between.
    long beginFrame() {
        long start = size();
        putInt(0);
        return start;
    }

    WireWriter endFrame(long start) {
        Invariant.check(start >= gatheredBytes, "a frame's length is still in the part that is being written");
        setInt((int) (start - gatheredBytes), (int) (size() - start) - LENGTH_BYTES);
        return this;
    }

    /// Everything written; the writer must not be used afterwards.
    Buffer toBuffer() {
        if (gathered == null) {
            return BufferImpl.buffer(Unpooled.wrappedBuffer(bytes, 0, position));
        }
        return BufferImpl.buffer(spill());
    }

    private CompositeByteBuf spill() {
        CompositeByteBuf parts = gathered;
        if (parts == null) {
            parts = Unpooled.compositeBuffer(Integer.MAX_VALUE);
            gathered = parts;
        }
        if (position > 0) {
            parts.addComponent(true, Unpooled.wrappedBuffer(bytes, 0, position));
            gatheredBytes += position;
            bytes = new byte[Math.max(64, bytes.length / 4)];
            position = 0;
        }
        return parts;
    }

    private void reserve(int size) {
        if (bytes.length - position < size) {
            bytes = Arrays.copyOf(bytes, Math.max(position + size, bytes.length * 2));
        }
    }

    private void setInt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }
}
