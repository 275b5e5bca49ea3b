package io.millrace.kafka.listener;

import io.netty.buffer.Unpooled;
import io.vertx.core.net.impl.NetSocketInternal;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// What is to be written to one socket, no faster than the client reads.
///
/// Heap buffers are copied on their way into the kernel, so a large answer goes out in pieces: a client that does not
/// read holds one piece of native memory, not its whole answer.
///
/// Threads: the connection's event loop.
final class OutputQueue {

    private static final int PIECE_BYTES = 256 << 10;

    private final NetSocketInternal socket;
    private final Runnable onProgress;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private int unfinishedPieces;
    private boolean isClosed;

    /// @param onProgress runs when bytes left
    OutputQueue(NetSocketInternal socket, Runnable onProgress) {
        this.socket = socket;
        this.onProgress = onProgress;
        socket.drainHandler(ignored -> pump());
    }

    /// Writes an answer after all earlier ones.
    ///
    /// @param written runs exactly once, when the last byte left or never will
    void write(List<ByteBuffer> buffers, Runnable written) {
        if (isClosed) {
            written.run();
            return;
        }
        pending.add(new Pending(new ArrayDeque<>(buffers), written));
        pump();
    }

    /// True if everything left: a piece that the socket has taken waits there until the client reads.
    boolean isEmpty() {
        return pending.isEmpty() && unfinishedPieces == 0;
    }

    void close() {
        isClosed = true;
        List<Pending> unwritten = List.copyOf(pending);
        pending.clear();
        unwritten.forEach(answer -> answer.written.run());
    }

    private void pump() {
        while (!isClosed && !pending.isEmpty() && !socket.writeQueueFull()) {
            writePiece();
        }
    }

    private void writePiece() {
        List<ByteBuffer> piece = new ArrayList<>();
        List<Runnable> completed = new ArrayList<>();
        int room = PIECE_BYTES;
        while (room > 0 && !pending.isEmpty()) {
            Pending answer = pending.element();
            room -= answer.moveTo(piece, room);
            if (answer.buffers.isEmpty()) {
                completed.add(answer.written);
                pending.remove();
            }
        }
        unfinishedPieces++;
        // Without a bound, Netty would copy all of them into one when there are more than 16, before it copies that.
        socket.writeMessage(Unpooled.wrappedBuffer(Integer.MAX_VALUE, piece.toArray(ByteBuffer[]::new)))
                .onComplete(outcome -> {
                    unfinishedPieces--;
                    onProgress.run();
                    completed.forEach(Runnable::run);
                });
    }

    /// An answer that is not written yet, or not all of it.
    private record Pending(Queue<ByteBuffer> buffers, Runnable written) {

        /// Moves up to `room` bytes; returns how many.
        int moveTo(List<ByteBuffer> piece, int room) {
            int moved = 0;
            while (moved < room && !buffers.isEmpty()) {
                ByteBuffer next = buffers.element();
                int count = Math.min(next.remaining(), room - moved);
                piece.add(next.slice(next.position(), count));
                next.position(next.position() + count);
                moved += count;
                if (!next.hasRemaining()) {
                    buffers.remove();
                }
            }
            return moved;
        }
    }
}
