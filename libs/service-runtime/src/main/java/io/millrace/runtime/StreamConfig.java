package io.millrace.runtime;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The long streams between the services, appends and feeds: `millrace.streams`.
///
/// Threads: immutable. Units: in the types.
interface StreamConfig {

    /// Each side of a stream says at least this often that it is alive.
    @WithDefault("1s")
    Duration heartbeat();

    /// A peer that said nothing for so long is taken for dead, and the stream is closed; at least two heartbeats.
    @WithDefault("10s")
    Duration silenceMax();

    /// The wait before the first attempt to open a broken stream again; it doubles with each failure.
    @WithDefault("50ms")
    Duration reconnectMin();

    /// The longest wait between two attempts to open a broken stream again.
    @WithDefault("1s")
    Duration reconnectMax();

    /// The largest record batch that an append stream carries.
    @WithDefault("32M")
    MemorySize batchSizeMax();

    /// What an ingest instance has sent or queued and not seen answered, before it stops reading from its clients.
    @WithDefault("64M")
    MemorySize appendInFlightMax();

    /// What wal-store took from all append streams together and has not answered, before it stops reading from them.
    @WithDefault("64M")
    MemorySize ownerInFlightMax();

    /// An append that was not answered by then is unknown.
    @WithDefault("20s")
    Duration appendTimeout();

    /// How long a topic's change that an instance made may take to come back to it by the catalog feed, before it asks
    /// wal-store.
    @WithDefault("1s")
    Duration catalogChangeWait();

    /// Catalog changes that wait for one slow subscriber; with more it gets a new snapshot instead.
    @WithDefault("1024")
    int catalogChangesMax();

    /// Partitions that one instance follows at once; readers of further ones poll.
    @WithDefault("100000")
    int subscriptionsMax();

    /// A partition that nobody asked for so long is no longer followed.
    @WithDefault("60s")
    Duration subscriptionIdle();

    /// Bytes of record batches that wait in wal-store for one instance of fetch that is slow to read its
    /// tail feed; what is more it reads when its consumers want it.
    @WithDefault("16M")
    MemorySize tailPendingMax();
}
