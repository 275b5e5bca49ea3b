package io.millrace.fetch;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The configuration of fetch alone, as the operator writes it; [FetchServiceSettings] is what the program reads.
///
/// Threads: immutable. Units: in the types. Errors: a value that does not fit stops the start with a sentence.
@ConfigMapping(prefix = "millrace.fetch")
interface FetchConfig {

    /// Whether a topic is created when a client asks about one that does not exist; as in the other services.
    @WithDefault("true")
    boolean createTopicsAutomatically();

    /// How many producer ids are reserved at a time.
    @WithDefault("1000")
    int producerIdBlockSize();

    /// How long a request may wait for the first catalog after a start.
    @WithDefault("5s")
    Duration firstCatalogWait();

    /// How many bytes of records one answer holds, whatever the client would take.
    @WithDefault("16M")
    MemorySize responseSizeMax();

    /// How many bytes of records all answers together hold that have not left yet.
    @WithDefault("64M")
    MemorySize memoryMax();

    /// How many bytes of records an answer may always have, so that every reader goes on.
    @WithDefault("128K")
    MemorySize responseSizeMin();

    /// How long a fetch waits for data at most, whatever the client asks.
    @WithDefault("30s")
    Duration waitMax();

    /// The time until wal-store, which could not be asked, is asked once more; clients that would spin wait for it.
    @WithDefault("500ms")
    Duration failurePause();

    /// How many clients may fetch in sessions, naming only what changed; further ones name all partitions each time.
    @WithDefault("1000")
    int sessionsMax();

    /// How many partitions all fetch sessions have together.
    @WithDefault("200000")
    int sessionPartitionsMax();

    /// A fetch session that was used since keeps its place, whoever wants it.
    @WithDefault("2m")
    Duration sessionIdleMin();

    /// How much memory the record batches have that the tail feed brought, for readers that keep up.
    @WithDefault("64M")
    MemorySize tailCacheSize();

    /// How much memory the record batches have that were read from wal-store, for readers of the past.
    @WithDefault("32M")
    MemorySize pastCacheSize();

    /// How long at most records of compacted topics come from the cache, though compaction may have removed them.
    @WithDefault("10s")
    Duration compactedCacheAgeMax();

    /// How many bytes of a partition are asked of wal-store at once, and kept ready ahead of a reader of the past.
    @WithDefault("1M")
    MemorySize readAheadSize();

    /// How many ranges are read ahead of their readers at a time.
    @WithDefault("8")
    int readAheadsMax();

    /// How many records one REST answer holds at most.
    @WithDefault("1000")
    int restRecordsMax();

    /// How many live streams of records are open over REST at a time.
    @WithDefault("100")
    int restStreamsMax();

    /// A live stream without records says so often that it is alive.
    @WithDefault("15s")
    Duration restStreamQuietMax();

    /// How many bytes of keys, values and headers one REST answer holds at most, unless its first record has more.
    @WithDefault("1M")
    MemorySize restSizeMax();
}
