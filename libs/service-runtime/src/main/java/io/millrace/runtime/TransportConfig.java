package io.millrace.runtime;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The HTTP/2 connections and calls between the services: `millrace.transport`.
///
/// Threads: immutable. Units: in the types.
interface TransportConfig {

    /// What a peer may send on one stream before it is read.
    @WithDefault("4M")
    MemorySize streamWindow();

    /// The same for all streams of one connection together; at least one stream's window.
    @WithDefault("8M")
    MemorySize connectionWindow();

    /// The largest DATA frame that is accepted, 16K to 16M.
    @WithDefault("64K")
    MemorySize frameSize();

    /// What a connection takes out of its streams before the socket took it; in native memory.
    @WithDefault("512K")
    MemorySize writeBuffer();

    /// Streams that a peer may have open on one connection.
    @WithDefault("256")
    int concurrentStreamsMax();

    /// The largest request or answer that is not a stream; checked before it is buffered.
    @WithDefault("110M")
    MemorySize bodySizeMax();

    /// Connections to each peer for small calls.
    @WithDefault("2")
    int callConnections();

    /// Connections of an event loop to each peer for range reads; large answers delay no small one.
    @WithDefault("4")
    int readConnections();

    /// Calls that may wait for a free connection before further ones fail at once.
    @WithDefault("10000")
    int waitingCallsMax();

    /// How long a connection may take to be opened.
    @WithDefault("3s")
    Duration connectTimeout();

    /// How long a call about offsets, the catalog or a command may take before it counts as unanswered.
    @WithDefault("10s")
    Duration callTimeout();

    /// How long a range read may take before it counts as unanswered.
    @WithDefault("10s")
    Duration readTimeout();

    /// How long a forwarded Kafka frame may take, which may be a long poll.
    @WithDefault("60s")
    Duration frameTimeout();
}
