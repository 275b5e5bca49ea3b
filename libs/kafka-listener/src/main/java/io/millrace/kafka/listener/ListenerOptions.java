package io.millrace.kafka.listener;

import java.time.Duration;

/// The bounds of a Kafka listener.
///
/// Threads: immutable. Units: as the names say; a request counts until its answer has left.
///
/// @param name the listener's name, told to handlers in `ClientDetails`
/// @param port 0 for any free one
/// @param maxFrameBytes the largest Produce request
/// @param maxSmallFrameBytes the largest request of every other API; the larger ones carry nothing but records
/// @param maxInFlightBytes request bytes over all connections, frames still being read included; a part of
/// them is for small requests only
/// @param frameTimeout how long a frame may take from its first byte to its last; one that holds what others
/// wait for has to come at that pace
/// @param idleTimeout how long a connection with nothing in flight may be silent
/// @param eventLoops how many event loops share the port
public record ListenerOptions(
        String name,
        String host,
        int port,
        int maxFrameBytes,
        int maxSmallFrameBytes,
        int maxInFlightRequestsPerConnection,
        long maxInFlightBytesPerConnection,
        long maxInFlightBytes,
        int maxConnections,
        int maxConnectionsPerAddress,
        Duration frameTimeout,
        Duration idleTimeout,
        int eventLoops) {

    public ListenerOptions {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the listener's port is " + port);
        }
        if (maxFrameBytes < 1 || maxSmallFrameBytes < 1 || maxSmallFrameBytes > maxFrameBytes) {
            throw new IllegalArgumentException("frame limits are " + maxSmallFrameBytes + " and " + maxFrameBytes);
        }
        if (MemoryBudget.largeCapacity(maxInFlightBytes) < maxFrameBytes) {
            throw new IllegalArgumentException("seven eighths of the bytes in flight, " + maxInFlightBytes
                    + ", must have room for the largest frame, " + maxFrameBytes);
        }
        if (maxInFlightRequestsPerConnection < 1
                || maxInFlightBytesPerConnection < 1
                || maxConnections < 1
                || maxConnectionsPerAddress < 1
                || eventLoops < 1) {
            throw new IllegalArgumentException("a listener's bounds are at least one");
        }
        if (!frameTimeout.isPositive() || !idleTimeout.isPositive()) {
            throw new IllegalArgumentException("a listener's time-outs are positive");
        }
    }

    /// Sensible bounds for a process with a small heap.
    public static ListenerOptions defaults(String name, String host, int port) {
        return new ListenerOptions(
                name,
                host,
                port,
                16 << 20,
                4 << 20,
                64,
                32 << 20,
                64 << 20,
                10_000,
                10_000,
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));
    }
}
