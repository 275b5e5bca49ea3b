package io.millrace.api.http;

import io.millrace.api.TraceId;
import java.util.Optional;

/// A forwarded Kafka frame as bytes; its trace id travels in the HTTP header.
final class FrameCodec {

    private FrameCodec() {}

    static void write(WireWriter out, ForwardedFrame frame) {
        out.putString(frame.clientHost())
                .putInt(frame.clientPort())
                .putString(frame.listener())
                .gather(frame.frame());
    }

    static ForwardedFrame read(WireReader in, Optional<TraceId> traceId) {
        String clientHost = in.readString();
        int clientPort = in.readInt();
        String listener = in.readString();
        return new ForwardedFrame(in.readRest(), clientHost, clientPort, listener, traceId);
    }
}
