package io.millrace.api.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of chunks into length-prefixed frames, each in a buffer of exactly its size.
///
/// The length is checked before anything is allocated for it.
///
/// Threads: one at a time. Units: bytes.
/// Ownership: a frame belongs to the one who gets it; nothing else refers to its bytes.
final class FrameAssembler {

    private final int frameBytesMax;
    private final byte[] length = new byte[Integer.BYTES];
    private int lengthBytes;
    private byte @Nullable [] frame;
    private int frameBytes;

    FrameAssembler(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /// Takes a chunk, and gives away the frames that it completes.
    ///
    /// @throws MalformedMessageException if a length is impossible; the stream cannot be read any further then
    void add(Buffer chunk, Consumer<ByteBuffer> frames) {
        int position = 0;
        int end = chunk.length();
        while (position < end) {
            byte[] current = frame;
            if (current == null) {
                position = readLength(chunk, position);
                continue;
            }
            int part = Math.min(current.length - frameBytes, end - position);
            chunk.getBytes(position, position + part, current, frameBytes);
            position += part;
            frameBytes += part;
            if (frameBytes == current.length) {
                frame = null;
                frames.accept(ByteBuffer.wrap(current));
            }
        }
    }

    /// True between two frames.
    boolean isEmpty() {
        return lengthBytes == 0 && frame == null;
    }

    private int readLength(Buffer chunk, int from) {
        int part = Math.min(Integer.BYTES - lengthBytes, chunk.length() - from);
        chunk.getBytes(from, from + part, length, lengthBytes);
        lengthBytes += part;
        if (lengthBytes == Integer.BYTES) {
            int size = ByteBuffer.wrap(length).getInt();
            if (size < 1 || size > frameBytesMax) {
                throw new MalformedMessageException("a frame of " + size + " bytes, allowed are 1 to " + frameBytesMax);
            }
            lengthBytes = 0;
            // Netty's array is not zeroed, where it may do that; every byte is overwritten before anybody sees it.
            frame = Unpooled.buffer(size, size).array();
            frameBytes = 0;
        }
        return from + part;
    }
}
