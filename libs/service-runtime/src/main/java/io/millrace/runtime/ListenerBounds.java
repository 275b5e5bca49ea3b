package io.millrace.runtime;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/// The bounds of a service's Kafka listener, as the operator writes them; wal-store has none and ignores them.
///
/// Threads: immutable. Units: in the types. Errors: a value that does not fit stops the start with a sentence.
@ConfigMapping(prefix = "millrace.listener")
public interface ListenerBounds {

    /// The largest Produce request; in fetch, which takes none, they are held to `request-size-max` like all
    /// others.
    @WithDefault("32M")
    MemorySize produceSizeMax();

    /// The largest request of every other API.
    @WithDefault("4M")
    MemorySize requestSizeMax();

    /// How many requests of one connection are worked on at a time.
    @WithDefault("64")
    int requestsInFlightMax();

    /// How many bytes of requests of one connection are worked on at a time, before the connection is not read from.
    @WithDefault("32M")
    MemorySize connectionInFlightMax();

    /// How many bytes of requests of all connections are worked on at a time, before none is read from. An
    /// eighth is for requests of at most 64K only; the largest Produce request has to fit into the rest.
    @WithDefault("64M")
    MemorySize inFlightMax();

    /// How many connections there may be.
    @WithDefault("10000")
    int connectionsMax();

    /// How many connections there may be from one address.
    @WithDefault("10000")
    int connectionsPerAddressMax();

    /// How long a request may take from its first byte to its last. One that holds memory which others wait
    /// for is closed as soon as it lags behind that pace for a second.
    @WithDefault("30s")
    Duration frameTimeout();

    /// How long a connection may be silent.
    @WithDefault("10m")
    Duration idleTimeout();

    /// A client with a quota that took nothing for so long may take at once what the quota gives in that time.
    @WithDefault("10s")
    Duration quotaWindow();

    /// For how long a client that took more than its quota is silenced at most.
    @WithDefault("30s")
    Duration throttleMax();

    /// How many clients are remembered for what they took of their quotas.
    @WithDefault("10000")
    int quotaClientsMax();

    /// The most that a client may send of its metrics at once, compressed and decompressed. Kafka:
    /// `telemetry.max.bytes`.
    @WithDefault("1M")
    MemorySize telemetrySizeMax();

    /// How many client instances are remembered of which metrics are wanted.
    @WithDefault("10000")
    int telemetryClientsMax();

    /// How many numbers that clients sent are kept, of all clients together.
    @WithDefault("10000")
    int telemetrySeriesMax();

    /// How many event loops share the port. Without it, as many as there are processors, up to 4.
    OptionalInt eventLoops();
}
