package io.millrace.kafka.fetch;

import io.millrace.model.PartitionId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;

/// Where a waiting fetch learns that there is more to read: the tail feed, or a test.
///
/// Threads: any.
@FunctionalInterface
public interface NewsSource {

    /// Answers as soon as one of these partitions has a high watermark past the one seen, and at the latest after
    /// the time given; news between the read and this call count.
    Uni<Void> awaitNews(Map<PartitionId, Long> highWatermarksSeen, Duration atMost);
}
