package io.millrace.api.http;

import io.millrace.api.feed.FeedOptions;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionNews;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Hands what the store applied to all subscribers of its feeds.
///
/// Threads: [#publish] from one thread, the one that applies; it never blocks, and what it queues is bounded.
public final class FeedPublisher {

    private final FeedOptions options;
    private final Set<CatalogFeedEndpoint> catalogFeeds = ConcurrentHashMap.newKeySet();
    private final Set<TailFeedEndpoint> tailFeeds = ConcurrentHashMap.newKeySet();

    public FeedPublisher(ApiOptions options) {
        this.options = options.feeds();
    }

    /// Call it after the change is visible in [StoreService#catalog] and [StoreService#watermarks].
    public void publish(List<CatalogNews> catalogNews, List<PartitionNews> partitionNews) {
        if (!catalogNews.isEmpty()) {
            catalogFeeds.forEach(feed -> feed.publish(catalogNews));
            tailFeeds.forEach(feed -> feed.publishCatalog(catalogNews));
        }
        if (!partitionNews.isEmpty()) {
            tailFeeds.forEach(feed -> feed.publish(partitionNews));
        }
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
