package io.millrace.api.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/// What a connection holds of what it received, until its decoder has a whole frame, and of what it is to send.
///
/// Netty throws away what was decoded only after 16 reads. Until then the buffer grows by doubling, to megabytes at
/// full rate, and each doubling copies all of it. Thrown away after each read, it stays at some reads and a
/// frame; and a read that is not short is not copied at all, but put behind what is there.
///
/// Threads: the event loop of the connection.
final class ConnectionBuffers {

    /// When the socket's queue has come down to this, it is filled again. As much may go into a queue that is nearly
    /// full, so it is little.
    private static final int WRITE_BYTES_LOW = 32 * 1_024;

    /// What is shorter is copied: a frame that comes in a few bytes at a time must not hold a buffer for each few.
    private static final int COPY_BYTES_MAX = 4 * 1_024;

    /// Vert.x reads it when it makes a client or a server, and has no option for it.
    private static final String STREAM_SHARES = "vertx.h2StreamByteDistributor";

    private ConnectionBuffers() {}

    /// Each stream that waits gets an equal part of the room that there is. By weights, which none of ours have, two
    /// streams take turns at one kilobyte, and each turn is a frame. Comes before any client or server is made.
    static void shareEqually() {
        System.setProperty(STREAM_SHARES, "uniform");
    }

    /// A connection of HTTP/1 has no such decoder; its received bytes stay as they are.
    static void bound(HttpConnection connection, TransportOptions options) {
        Channel channel = ((ConnectionBase) connection).channel();
        // HTTP/2 takes from its streams what the socket's queue has room for, and cuts frames accordingly.
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(WRITE_BYTES_LOW, options.writeBufferBytes()));
        Http2ConnectionHandler decoder = channel.pipeline().get(Http2ConnectionHandler.class);
        if (decoder != null) {
            decoder.setDiscardAfterReads(1);
            decoder.setCumulator(ConnectionBuffers::joined);
        }
    }

    static ByteBuf joined(ByteBufAllocator allocator, ByteBuf held, ByteBuf read) {
        ByteToMessageDecoder.Cumulator join = read.readableBytes() < COPY_BYTES_MAX
                ? ByteToMessageDecoder.MERGE_CUMULATOR
                : ByteToMessageDecoder.COMPOSITE_CUMULATOR;
        return join.cumulate(allocator, held, read);
    }
}
