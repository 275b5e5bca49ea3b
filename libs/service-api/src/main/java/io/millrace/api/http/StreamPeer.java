package io.millrace.api.http;

import java.nio.ByteBuffer;

/// One end of a long-lived stream: what to do with frames.
///
/// Threads: called on the stream's context, one at a time; [#closed] comes last, exactly once.
interface StreamPeer {

    void opened(FramedStream stream);

    /// A whole frame, its type first; heartbeats are not told.
    ///
    /// @throws MalformedMessageException to end the stream
    void frame(ByteBuffer frame);

    /// What was written has left, and more may follow.
    void writable();

    /// Not even a heartbeat came for longer than between two of them.
    default void quiet() {}

    /// Something came after `quiet`; it is told first.
    default void heardAgain() {}

    void closed(String why);
}
