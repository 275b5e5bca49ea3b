package io.millrace.api.feed;

import java.time.Duration;

/// Bounds of the feeds.
///
/// Threads: immutable.
///
/// @param catalogChangeWait how long a change that was made here may take to come back by the feed
/// @param catalogChangesMax changes that wait for one slow subscriber; with more it gets a new snapshot instead
/// @param subscriptionsMax partitions that one instance follows at once; readers of further ones poll
/// @param subscriptionIdle a partition that nobody asked for so long is no longer followed
/// @param tailPendingBytesMax bytes of batches that wait for one slow subscriber; it reads what is more when it wants
/// it
public record FeedOptions(
        Duration catalogChangeWait,
        int catalogChangesMax,
        int subscriptionsMax,
        Duration subscriptionIdle,
        long tailPendingBytesMax) {

    public static FeedOptions defaults() {
        return new FeedOptions(Duration.ofSeconds(1), 1_024, 100_000, Duration.ofSeconds(60), 16 << 20);
    }
}
