package io.millrace.api.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.nio.ByteBuffer;

/// A long-lived HTTP/2 stream in both directions, as frames: bounded in what it holds, and aware of a silent peer.
///
/// What was handed to HTTP/2 and has not left yet is counted here, by the completion of each write, and not asked
/// of the stream's own "full" flag: that flag is toggled by events and one lost event would stall the stream for
/// ever.
///
/// Threads: the context's only.
final class FramedStream {

    /// Enough to keep a connection busy, small enough that a peer that does not read pins little.
    private static final int UNWRITTEN_BYTES_MAX = 1 << 20;

    /// The other side beats as often as this one; one more for what is under way.
    private static final long QUIET_BEATS = 2;

    private static final byte[] HEARTBEAT = {0, 0, 0, 1, FrameType.HEARTBEAT};

    private final Vertx vertx;
    private final ReadStream<Buffer> in;
    private final WriteStream<Buffer> out;
    private final Runnable abort;
    private final StreamPeer peer;
    private final FrameAssembler assembler;
    private final long heartbeatMillis;
    private final long silentBeatsMax;

    private long unwrittenBytes;
    private boolean isPaused;
    private boolean isClosed;
    private long silentBeats;
    private long timer;

    private FramedStream(Vertx vertx, Ends ends, StreamPeer peer, StreamOptions options, int frameBytesMax) {
        this.vertx = vertx;
        this.in = ends.in();
        this.out = ends.out();
        this.abort = ends.abort();
        this.peer = peer;
        this.assembler = new FrameAssembler(frameBytesMax);
        this.heartbeatMillis = Math.max(1, options.heartbeat().toMillis());
        this.silentBeatsMax = Math.max(2, options.silence().toMillis() / heartbeatMillis);
    }

    /// @param abort ends the stream and, on the side that connected, its connection
    record Ends(ReadStream<Buffer> in, WriteStream<Buffer> out, Runnable abort) {}

    /// Takes over both directions; must be called on the context before it handles another event.
    static void open(Vertx vertx, Ends ends, StreamPeer peer, StreamOptions options, int frameBytesMax) {
        FramedStream stream = new FramedStream(vertx, ends, peer, options, frameBytesMax);
        ends.in().exceptionHandler(failure -> stream.close("the stream broke: " + failure));
        ends.out().exceptionHandler(failure -> stream.close("the stream broke: " + failure));
        ends.in().endHandler(_ -> stream.close("the other side ended the stream"));
        ends.in().handler(stream::received);
        stream.write(Buffer.buffer(HEARTBEAT));
        stream.scheduleBeat();
        peer.opened(stream);
    }

    /// Whether [#write] is welcome; if not, [StreamPeer#writable] tells when it is.
    boolean hasRoom() {
        return unwrittenBytes < UNWRITTEN_BYTES_MAX && !isClosed;
    }

    boolean isClosed() {
        return isClosed;
    }

    void write(Buffer frames) {
        if (isClosed) {
            return;
        }
        int size = frames.length();
        unwrittenBytes += size;
        out.write(frames).onComplete(_ -> written(size));
    }

    /// Stops reading; after at most a window full of bytes the other side cannot send any more.
    void pause() {
        if (!isPaused) {
            isPaused = true;
            in.pause();
        }
    }

    void resume() {
        if (isPaused) {
            isPaused = false;
            silentBeats = 0;
            in.resume();
        }
    }

    void close(String why) {
        if (isClosed) {
            return;
        }
        isClosed = true;
        vertx.cancelTimer(timer);
        abort.run();
        peer.closed(why);
    }

    private void received(Buffer chunk) {
        boolean wasQuiet = silentBeats >= QUIET_BEATS;
        silentBeats = 0;
        if (isClosed) {
            return;
        }
        if (wasQuiet) {
            peer.heardAgain();
        }
        try {
            assembler.add(chunk, this::frame);
        } catch (MalformedMessageException e) {
            close(String.valueOf(e.getMessage()));
        }
    }

    private void frame(ByteBuffer frame) {
        if (!isClosed && frame.get(0) != FrameType.HEARTBEAT) {
            peer.frame(frame);
        }
    }

    private void written(int size) {
        boolean wasFull = unwrittenBytes >= UNWRITTEN_BYTES_MAX;
        unwrittenBytes -= size;
        if (wasFull && hasRoom()) {
            peer.writable();
        }
    }

    private void scheduleBeat() {
        timer = vertx.setTimer(heartbeatMillis, _ -> beat());
    }

    /// Time is counted in our own beats: a process that was stopped itself does not take its peers for silent.
    private void beat() {
        if (!isPaused) {
            silentBeats++;
            if (silentBeats > silentBeatsMax) {
                close("nothing was heard for " + silentBeatsMax * heartbeatMillis + " ms");
                return;
            }
            if (silentBeats == QUIET_BEATS) {
                peer.quiet();
            }
        }
        if (unwrittenBytes == 0) {
            write(Buffer.buffer(HEARTBEAT));
        }
        scheduleBeat();
    }
}
