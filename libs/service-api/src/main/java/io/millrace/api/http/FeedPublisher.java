package io.millrace.api.http;

import io.millrace.api.feed.FeedOptions;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionNews;
import io.millrace.model.PlacedBatch;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Hands what the store applied to all subscribers of its feeds.
///
/// Threads: [#publish] from one thread, the one that applies; it never blocks, and what it queues is bounded.
public final class FeedPublisher {

    private final FeedOptions options;
    private final Set<CatalogFeedEndpoint> catalogFeeds = ConcurrentHashMap.newKeySet();
    private final Set<TailFeedEndpoint> tailFeeds = ConcurrentHashMap.newKeySet();
    private final LongAdder pushedBytes = new LongAdder();
    private final LongAdder leftOutBytes = new LongAdder();

    public FeedPublisher(ApiOptions options) {
        this.options = options.feeds();
    }

    /// Call it after the change is visible in [StoreService#catalog] and [StoreService#watermarks].
    ///
    /// @param batches below the high watermarks of the news
    public void publish(List<PlacedBatch> batches, List<PartitionNews> partitionNews, List<CatalogNews> catalogNews) {
        if (!catalogNews.isEmpty()) {
            catalogFeeds.forEach(feed -> feed.publish(catalogNews));
            tailFeeds.forEach(feed -> feed.publishCatalog(catalogNews));
        }
        if (!partitionNews.isEmpty()) {
            tailFeeds.forEach(feed -> feed.publish(batches, partitionNews));
        }
    }

    /// For metrics.
    public Status status() {
        long waitingBytes =
                tailFeeds.stream().mapToLong(TailFeedEndpoint::waitingBytes).sum();
        return new Status(tailFeeds.size(), pushedBytes.sum(), waitingBytes, leftOutBytes.sum());
    }

    /// Counters of the tail feeds.
    ///
    /// @param tailFollowers instances that follow the tail now
    /// @param pushedBytes of batches sent to them since the start
    /// @param waitingBytes of batches that wait for a follower to read
    /// @param leftOutBytes of batches that were not sent because a follower was slow
    public record Status(int tailFollowers, long pushedBytes, long waitingBytes, long leftOutBytes) {}

    void pushed(long bytes) {
        pushedBytes.add(bytes);
    }

    void leftOut(long bytes) {
        leftOutBytes.add(bytes);
    }

    FeedOptions options() {
        return options;
    }

    void add(CatalogFeedEndpoint feed) {
        catalogFeeds.add(feed);
    }

    void remove(CatalogFeedEndpoint feed) {
        catalogFeeds.remove(feed);
    }

    void add(TailFeedEndpoint feed) {
        tailFeeds.add(feed);
    }

    void remove(TailFeedEndpoint feed) {
        tailFeeds.remove(feed);
    }
}
