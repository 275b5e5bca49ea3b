package io.millrace.kafka.wire;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.network.TransferableChannel;

/// A channel that keeps what is written to it, as views of the same memory.
///
/// Threads: one. Ownership: the views share the writer's memory, which must not change afterwards.
final class BufferCapture implements TransferableChannel {

    private final List<ByteBuffer> buffers = new ArrayList<>();

    /// Views of what was written, in order.
    List<ByteBuffer> buffers() {
        return buffers;
    }

    @Override
    public int write(ByteBuffer source) {
        int written = source.remaining();
        if (written > 0) {
            buffers.add(source.slice());
            source.position(source.limit());
        }
        return written;
    }

    @Override
    public long write(ByteBuffer[] sources) {
        return write(sources, 0, sources.length);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        long written = 0;
        for (int i = offset; i < offset + length; i++) {
            written += write(sources[i]);
        }
        return written;
    }

    @Override
    public boolean hasPendingWrites() {
        return false;
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) {
        throw new UnsupportedOperationException("answers hold their records in memory");
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // Nothing to give back: the captured views are for the caller.
    }
}
