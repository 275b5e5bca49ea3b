package io.millrace.kafka.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Readable;

/// Reads a request body and stops one that would cost far more memory than its bytes.
///
/// A body of one-byte elements grows a hundredfold when it becomes objects, and an array may claim as many elements as
/// bytes remain. Each element costs at least one read, so a bound on reads bounds the objects; [#remaining], which the
/// codec asks only to check an array's claim, never says more than the reads that are left.
///
/// Threads: one.
final class BoundedReadable implements Readable {

    /// Twenty thousand partitions in one request use about a tenth of it.
    static final int READS_MAX = 500_000;

    private final ByteBuffer bytes;
    private final ByteBufferAccessor accessor;
    private int readsLeft = READS_MAX;

    BoundedReadable(ByteBuffer bytes) {
        this.bytes = bytes;
        this.accessor = new ByteBufferAccessor(bytes);
    }

    @Override
    public byte readByte() {
        countRead();
        return accessor.readByte();
    }

    @Override
    public short readShort() {
        countRead();
        return accessor.readShort();
    }

    @Override
    public int readInt() {
        countRead();
        return accessor.readInt();
    }

    @Override
    public long readLong() {
        countRead();
        return accessor.readLong();
    }

    @Override
    public double readDouble() {
        countRead();
        return accessor.readDouble();
    }

    @Override
    public byte[] readArray(int length) {
        countRead();
        return accessor.readArray(checked(length));
    }

    @Override
    public int readUnsignedVarint() {
        countRead();
        return accessor.readUnsignedVarint();
    }

    @Override
    public ByteBuffer readByteBuffer(int length) {
        countRead();
        return accessor.readByteBuffer(checked(length));
    }

    @Override
    public int readVarint() {
        countRead();
        return accessor.readVarint();
    }

    @Override
    public long readVarlong() {
        countRead();
        return accessor.readVarlong();
    }

    @Override
    public int remaining() {
        return Math.min(bytes.remaining(), readsLeft);
    }

    @Override
    public Readable slice() {
        return accessor.slice();
    }

    private int checked(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new InvalidRequestException(
                    "a field claims " + length + " bytes, " + bytes.remaining() + " are left");
        }
        return length;
    }

    private void countRead() {
        if (readsLeft-- == 0) {
            throw new InvalidRequestException("the request has more than " + READS_MAX + " fields");
        }
    }
}
