package io.millrace.api.http;

/// What the append stream does now.
///
/// Threads: immutable. Units: bytes and counts since the start.
public record AppendStreamStatus(
        boolean isConnected,
        long bytesInFlight,
        int appendsInFlight,
        long batchesSent,
        long bytesSent,
        long unknowns,
        long connects) {}
