package io.millrace.walstore;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The configuration of wal-store alone, as the operator writes it; [WalStoreSettings] is what the program reads.
///
/// Threads: immutable. Units: in the types. Errors: a value that does not fit stops the start with a sentence.
@ConfigMapping(prefix = "millrace.wal-store")
interface WalStoreConfig {

    /// The size of each WAL segment file, which is written full of zeros before it is used.
    @WithDefault("64M")
    MemorySize segmentSize();

    /// How many segments in which nothing lives any more are kept to be used again, instead of being deleted.
    @WithDefault("2")
    int recycledSegmentsMax();

    /// How much one round (one write, one force) gathers at most.
    @WithDefault("4M")
    MemorySize roundSizeMax();

    /// The largest record batch that any topic can accept, whatever its max.message.bytes says.
    @WithDefault("32M")
    MemorySize batchSizeMax();

    /// How many bytes of batches may wait for a round before more is refused as overloaded.
    @WithDefault("64M")
    MemorySize queueSizeMax();

    /// How many batches and commands may wait for a round.
    @WithDefault("100000")
    int queueCountMax();

    /// The most bytes that one read answers, whatever it asks for.
    @WithDefault("32M")
    MemorySize readSizeMax();

    /// How many partitions this shard holds at most.
    @WithDefault("100000")
    int partitionCountMax();

    /// How many groups, client quotas and client metrics subscriptions may have configurations of their own.
    @WithDefault("10000")
    int configuredResourcesMax();

    /// The number of partitions of a topic that is created without saying how many.
    @WithDefault("1")
    int defaultPartitionCount();

    /// The highest replication factor, and the highest `min.insync.replicas`, that a topic may ask for. One replica is
    /// kept: a value above 1 makes tools happy that insist on more, and makes nothing safer.
    @WithDefault("1")
    int acceptedReplicationFactorMax();

    /// The space that is left free when a segment is prepared.
    @WithDefault("32M")
    MemorySize spareSpaceMin();

    /// How long the state of an idempotent producer is kept after its last batch.
    @WithDefault("24h")
    Duration producerExpiry();

    /// How often each partition is looked at for records that retention.ms or retention.bytes no longer covers.
    @WithDefault("10s")
    Duration retentionCheckInterval();

    /// How much is written to the log before the next checkpoint, which bounds what a start replays.
    @WithDefault("256M")
    MemorySize checkpointAfter();

    /// How many partitions a checkpoint takes down between two rounds, which wait for it.
    @WithDefault("256")
    int checkpointSliceMax();

    /// How many full WAL segments there must be before they are sealed into files sorted by partition. More means that
    /// data which is deleted soon is never copied, and that a start reads more.
    @WithDefault("8")
    int sealSegmentsMin();

    /// How many neighbouring sealed runs of a partition, each made by a pass of sealing, are worth being copied into
    /// one.
    /// Less means fewer files, and that more is copied.
    @WithDefault("16")
    int sealJoinRunsMin();

    /// How many bytes sealing copies in a second at most; unless it is far behind, it rests for two thirds of the time.
    @WithDefault("128M")
    MemorySize sealRateMax();

    /// From this much on, a partition gets a sealed file of its own in a pass; smaller ones share files.
    @WithDefault("4M")
    MemorySize sealOwnFileMin();

    /// How much of the sparse indexes of sealed files is kept in memory.
    @WithDefault("16M")
    MemorySize sealIndexCache();

    /// How much memory the keys of the partition that is being compacted may take, 32 bytes a key. A partition with
    /// more new keys is compacted in several passes.
    @WithDefault("16M")
    MemorySize compactionMapSize();

    /// How many bytes a scrub reads in a second at most.
    @WithDefault("32M")
    MemorySize scrubRateMax();

    /// How much the scrub at each start reads besides the footers of all sealed files: each time another sample. 0 for
    /// no scrub at the start.
    @WithDefault("256M")
    MemorySize scrubAtStart();

    /// How many damaged places a scrub tells, and how many partitions of each; further ones are counted.
    @WithDefault("100")
    int scrubDamagesMax();

    /// Whether the data directory may lie on tmpfs, which forgets everything when the machine stops.
    @WithDefault("false")
    boolean allowVolatileMemory();

    /// The threads that read the log from disk.
    @WithDefault("2")
    int readThreads();

    /// How many reads may wait for a thread before more are refused as overloaded.
    @WithDefault("1024")
    int readQueueMax();

    /// Recovery that makes no progress for this long is taken for dead, and so is a commit thread.
    @WithDefault("60s")
    Duration stallMax();
}
