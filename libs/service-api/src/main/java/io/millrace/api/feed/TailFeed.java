package io.millrace.api.feed;

import io.millrace.model.PartitionId;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Wakes readers that wait for news of partitions.
///
/// Threads: from any thread; waiters are answered on any thread. Units: record offsets.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class TailFeed {
    public TailFeed(Vertx vertx, TailSubscriptions subscriptions, FeedOptions options) {}

    /// The next message of the channel, in order.
    public void accept(TailFrame frame) {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// Answers as soon as one of these partitions has a high watermark past the one seen, is gone, or the feed broke;
    /// at
    /// the latest after the time given. While the feed is broken it waits for it to stand again.
    public Uni<Void> awaitNews(Map<PartitionId, Long> highWatermarksSeen, Duration atMost) {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// The last watermarks told of a partition that is followed now.
    public Optional<Watermarks> cached(PartitionId partitionId) {
        throw new UnsupportedOperationException("in the next commit");
    }

    public void close() {
        throw new UnsupportedOperationException("in the next commit");
    }
}
