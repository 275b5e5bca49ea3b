package io.millrace.api.http;

import java.time.Duration;

/// Sizes and limits of the HTTP/2 connections themselves.
///
/// Threads: immutable. Units: bytes.
///
/// @param streamWindowBytes what a peer may send on one stream before it is read
/// @param connectionWindowBytes the same for all streams of a connection together; at least one stream's window
/// @param frameBytes the largest DATA frame that we accept, 16 KiB to 16 MiB
/// @param writeBufferBytes what a connection takes out of its streams before the socket took it
/// @param concurrentStreams streams that a peer may have open on one connection
/// @param bodyBytesMax the largest request or answer that is not a stream; checked before it is buffered
/// @param callConnections connections to each peer for small calls
/// @param readConnections connections of an event loop to each peer for range reads; large answers delay no small one
/// @param waitingCalls calls that may wait for a free connection before further ones fail at once
public record TransportOptions(
        int streamWindowBytes,
        int connectionWindowBytes,
        int frameBytes,
        int writeBufferBytes,
        int concurrentStreams,
        int bodyBytesMax,
        int callConnections,
        int readConnections,
        int waitingCalls,
        Duration connectTimeout) {

    private static final int FRAME_BYTES_MIN = 16 * 1_024;
    private static final int FRAME_BYTES_MAX = (1 << 24) - 1;
    private static final int WRITE_BUFFER_BYTES_MIN = 64 * 1_024;

    public TransportOptions {
        if (connectionWindowBytes < streamWindowBytes) {
            throw new IllegalArgumentException("the connection window (" + connectionWindowBytes
                    + " bytes) is smaller than the window of one stream (" + streamWindowBytes + " bytes)");
        }
        if (frameBytes < FRAME_BYTES_MIN || frameBytes > FRAME_BYTES_MAX) {
            throw new IllegalArgumentException("HTTP/2 frames have 16384 to 16777215 bytes, not " + frameBytes);
        }
        if (writeBufferBytes < WRITE_BUFFER_BYTES_MIN) {
            throw new IllegalArgumentException("the write buffer has " + writeBufferBytes + " bytes, below 65536");
        }
    }

    public static TransportOptions defaults() {
        return new TransportOptions(
                4 << 20, 8 << 20, 64 << 10, 512 << 10, 256, 110 << 20, 2, 4, 10_000, Duration.ofSeconds(3));
    }
}
