package io.millrace.api.feed;

import java.time.Duration;

/// Bounds of the feeds.
///
/// Threads: immutable.
///
/// @param catalogChangeWait how long a change that was made here may take to come back by the feed
/// @param catalogChangesMax changes that wait for one slow subscriber; with more it gets a new snapshot instead
/// @param subscriptionsMax partitions that one instance follows at once; readers of further ones poll
/// @param subscriptionIdle a partition that nobody waited for so long is no longer followed
public record FeedOptions(
        Duration catalogChangeWait, int catalogChangesMax, int subscriptionsMax, Duration subscriptionIdle) {

    public static FeedOptions defaults() {
        return new FeedOptions(Duration.ofSeconds(1), 1_024, 100_000, Duration.ofSeconds(60));
    }
}
