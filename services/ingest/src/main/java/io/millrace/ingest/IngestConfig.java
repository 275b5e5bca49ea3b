package io.millrace.ingest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// The configuration of ingest alone, as the operator writes it; [IngestSettings] is what the program reads.
///
/// Threads: immutable. Units: in the types. Errors: a value that does not fit stops the start with a sentence.
@ConfigMapping(prefix = "millrace.ingest")
interface IngestConfig {

    /// Whether a topic is created when a client asks about one that does not exist.
    @WithDefault("true")
    boolean createTopicsAutomatically();

    /// Whether the records of each batch are walked and not only its header and checksum; false trusts the producers.
    @WithDefault("true")
    boolean walkRecords();

    /// Compressed batches up to this size are decompressed on the event loop, and 64 times as much comes of it for one
    /// request; all others are decompressed by the validation threads.
    @WithDefault("4K")
    MemorySize quickBatchSize();

    /// What one compressed batch may decompress to, unless its topic takes as much uncompressed. wal-store holds as
    /// much
    /// when it compacts: raise its heap too.
    @WithDefault("32M")
    MemorySize uncompressedBatchSizeMax();

    /// The threads that decompress large batches.
    @WithDefault("2")
    int validationThreads();

    /// How many producer ids are reserved at a time.
    @WithDefault("1000")
    int producerIdBlockSize();

    /// How long a request may wait for the first catalog after a start.
    @WithDefault("5s")
    Duration firstCatalogWait();

    /// How many REST requests that produce records are worked on at a time. Each may hold some four times its body,
    /// which
    /// `quarkus.http.limits.max-body-size` bounds.
    @WithDefault("8")
    int restRequestsMax();

    /// The largest body of a REST request that produces records, in records.
    @WithDefault("10000")
    int restRecordsMax();

    /// Fetch, for clients that do not go to a fetch node.
    Fetch fetch();

    /// The bounds of answering Fetch.
    interface Fetch {

        /// How many bytes of records one answer holds, whatever the client would take.
        @WithDefault("8M")
        MemorySize responseSizeMax();

        /// How many bytes of records all answers together hold that have not left yet.
        @WithDefault("32M")
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

        /// How long a fetch node has to answer ingest before wal-store is asked for its part. A node that hangs
        /// holds up fetches of its partitions for so long, until it is no longer among the live ones.
        @WithDefault("1s")
        Duration nodeWait();

        /// How many clients may fetch in sessions, naming only what changed; further ones name all partitions each
        /// time.
        @WithDefault("1000")
        int sessionsMax();

        /// How many partitions all fetch sessions have together.
        @WithDefault("200000")
        int sessionPartitionsMax();

        /// A fetch session that was used since keeps its place, whoever wants it.
        @WithDefault("2m")
        Duration sessionIdleMin();

        /// How long a reader that was sent to a fetch node and came back is not sent away again.
        @WithDefault("60s")
        Duration redirectWindow();

        /// How many readers are remembered as sent away.
        @WithDefault("10000")
        int redirectedReadersMax();
    }
}
