package io.millrace.api.http;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/// The buffer in which a connection's decoder joins what it received until it has a whole frame.
///
/// Netty throws away what was decoded only after 16 reads. Until then the buffer grows by doubling, to megabytes at
/// full rate, and each doubling copies all of it. Thrown away after each read, it stays at a read and a frame.
///
/// Threads: the event loop of the connection.
final class ReceiveBuffer {

    private ReceiveBuffer() {}

    /// Does nothing to a connection of HTTP/1, which has no such decoder.
    static void keepShort(HttpConnection connection) {
        Http2ConnectionHandler decoder =
                ((ConnectionBase) connection).channel().pipeline().get(Http2ConnectionHandler.class);
        if (decoder != null) {
            decoder.setDiscardAfterReads(1);
        }
    }
}
