package io.millrace.api.feed;

import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import java.util.List;

/// One message of the tail feed's channel.
///
/// Threads: immutable.
public sealed interface TailFrame {

    /// The feed stands: what is subscribed will be told from now on.
    record Opened() implements TailFrame {}

    /// What moved since the last frame, at most once per partition, and the partitions that are no more.
    record News(List<PartitionNews> moved, List<PartitionId> gone) implements TailFrame {
        public News {
            moved = List.copyOf(moved);
            gone = List.copyOf(gone);
        }
    }

    /// The feed broke: what happens until the next `Opened` is not told, and is told in full after it.
    record Broken() implements TailFrame {}
}
