package io.millrace.api.http;

import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionNews;
import java.util.List;

/// Hands what the store applied to all subscribers of its feeds.
///
/// Threads: [#publish] from one thread, the one that applies; it never blocks and queues a bounded amount.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class FeedPublisher {
    public FeedPublisher(ApiOptions options) {}

    /// Call it after the change is visible in [StoreService#catalog] and [StoreService#watermarks].
    public void publish(List<CatalogNews> catalogNews, List<PartitionNews> partitionNews) {
        throw new UnsupportedOperationException("in the next commit");
    }
}
