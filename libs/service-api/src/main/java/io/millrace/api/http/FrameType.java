package io.millrace.api.http;

/// The first byte of each frame on a long-lived stream.
final class FrameType {

    /// The version of everything that this package says; both sides must have the same.
    static final int PROTOCOL_VERSION = 1;

    static final int HEARTBEAT = 0;
    static final int OPENING = 1;
    static final int ACCEPTED = 2;
    static final int REJECTED = 3;
    static final int APPEND = 4;
    static final int OUTCOMES = 5;
    static final int CATALOG_NEWS = 6;
    static final int SUBSCRIBE = 7;
    static final int TAIL_NEWS = 8;
    static final int TAIL_BATCHES = 9;

    private FrameType() {}
}
