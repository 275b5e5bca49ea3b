package io.millrace.coordinator;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The configuration of offset-coordinator alone, as the operator writes it; [CoordinatorOptions] is what the program
/// reads.
///
/// Threads: immutable. Units: in the types. Errors: a value that does not fit stops the start with a sentence.
@ConfigMapping(prefix = "millrace.offset-coordinator")
interface CoordinatorConfig {

    /// How many shards the groups hash onto. Fixed when the data directory is created.
    @WithDefault("16")
    int shards();

    /// Threads that run the groups' state machines.
    @WithDefault("2")
    int eventThreads();

    /// Threads that compute assignments and resolve regular expressions of subscriptions.
    @WithDefault("1")
    int backgroundThreads();

    /// Threads that load shards from the store.
    @WithDefault("2")
    int loadThreads();

    /// Whether the data directory may lie on tmpfs, which forgets everything when the machine stops.
    @WithDefault("false")
    boolean allowVolatileMemory();

    Log log();

    Files files();

    Offsets offsets();

    Group group();

    Lag lag();

    Catalog catalog();

    /// The bounds of each shard's log.
    interface Log {

        /// Bytes that may be on their way to the disk; more is refused with a retriable error.
        @WithDefault("2M")
        MemorySize inFlightSizeMax();

        /// Batches after which the oldest part of a log is folded into one entry per key.
        @WithDefault("512")
        int foldAfterBatches();

        /// Bytes after which it is folded, too.
        @WithDefault("4M")
        MemorySize foldAfterSize();

        /// Batches that may wait to be folded; more is refused with a retriable error.
        @WithDefault("16384")
        int tailBatchesMax();

        /// The same in bytes, but for one batch; loading a shard has them in memory. At least as much as one fold
        /// takes.
        @WithDefault("16M")
        MemorySize tailSizeMax();

        /// How long a shard waits for any of its writes to end before it is unloaded and loaded again.
        @WithDefault("10s")
        Duration putTimeout();

        /// How long one step of loading or folding a shard may take before it fails, and is tried again.
        @WithDefault("30s")
        Duration stepTimeout();
    }

    /// The files under the logs of all shards.
    interface Files {

        /// The size of each file, which is written full of zeros before it is used.
        @WithDefault("4M")
        MemorySize segmentSize();

        /// How much one write and one force gather at most.
        @WithDefault("1M")
        MemorySize roundSizeMax();

        /// The space that is left free when a file is prepared.
        @WithDefault("16M")
        MemorySize spareSpaceMin();
    }

    /// Committed offsets.
    interface Offsets {

        /// How long the offsets of a group without members are kept. Kafka: `offsets.retention.minutes`.
        @WithDefault("7d")
        Duration retention();

        /// How often offsets are looked through for expired ones. Kafka: `offsets.retention.check.interval.ms`.
        @WithDefault("10m")
        Duration retentionCheckInterval();

        /// How long a commit may wait for the disk. Kafka: `offsets.commit.timeout.ms`.
        @WithDefault("5s")
        Duration commitTimeout();

        /// The longest text that a client may commit with an offset. Kafka: `offset.metadata.max.bytes`.
        @WithDefault("4096")
        int metadataSizeMax();
    }

    /// Consumer groups, under both protocols.
    interface Group {

        /// Kafka: `group.min.session.timeout.ms`.
        @WithDefault("6s")
        Duration sessionTimeoutMin();

        /// Kafka: `group.max.session.timeout.ms`.
        @WithDefault("30m")
        Duration sessionTimeoutMax();

        /// How long a new classic group waits for more members. Kafka: `group.initial.rebalance.delay.ms`.
        @WithDefault("3s")
        Duration initialRebalanceDelay();

        /// How many members a group may have. Kafka: `group.max.size` and `group.consumer.max.size`.
        @WithDefault("10000")
        int membersMax();

        /// Of `group.protocol=consumer`. Kafka: `group.consumer.session.timeout.ms`.
        @WithDefault("45s")
        Duration consumerSessionTimeout();

        /// Of `group.protocol=consumer`. Kafka: `group.consumer.heartbeat.interval.ms`.
        @WithDefault("5s")
        Duration consumerHeartbeatInterval();

        /// The least time between two assignments of one group of `group.protocol=consumer`, so that members who come
        /// together are assigned together. Kafka: `group.consumer.assignment.interval.ms`.
        @WithDefault("1s")
        Duration consumerAssignmentInterval();

        /// Which way a group with members may change its protocol, as members of the other one join: `upgrade` from
        /// `classic` to `consumer`, `downgrade`, `bidirectional` or `disabled`.
        /// Kafka: `group.consumer.migration.policy`.
        @WithDefault("bidirectional")
        String migrationPolicy();

        /// Of `group.protocol=streams`. Kafka: `group.streams.session.timeout.ms`.
        @WithDefault("45s")
        Duration streamsSessionTimeout();

        /// Of `group.protocol=streams`. Kafka: `group.streams.heartbeat.interval.ms`.
        @WithDefault("5s")
        Duration streamsHeartbeatInterval();

        /// How many topics Streams applications may be creating at a time; failures are remembered among them.
        @WithDefault("1000")
        int internalTopicsMax();
    }

    /// How far behind groups are, in REST and as metrics.
    interface Lag {

        /// How often the lags of all groups are looked at for the metrics; zero for no such metrics.
        @WithDefault("15s")
        Duration interval();

        /// How many partitions of groups have a metric of their own.
        @WithDefault("10000")
        int seriesMax();

        /// How old the end of a partition may be beside a committed offset.
        @WithDefault("2s")
        Duration endAgeMax();

        /// Of how many partitions the end is remembered that long.
        @WithDefault("100000")
        int endsMax();
    }

    /// What this service needs of the catalog.
    interface Catalog {

        /// How long a request may wait for the first catalog after a start.
        @WithDefault("5s")
        Duration firstSnapshotWait();

        /// Whether Metadata creates topics that a client names. Kafka: `auto.create.topics.enable`.
        @WithDefault("true")
        boolean automaticTopics();

        /// How many producer ids are fetched from wal-store at once.
        @WithDefault("1000")
        int producerIdBlockSize();
    }
}
