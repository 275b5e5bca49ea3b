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

    /// What happened since the last frame.
    ///
    /// @param slices batches that were appended. Some are missing where this side was slow to read: the partition's
    /// next slice begins later then than the last one ended
    /// @param moved each partition at most once; batches below its high watermark came before or never come
    /// @param gone partitions that are no more
    record News(List<TailSlice> slices, List<PartitionNews> moved, List<PartitionId> gone) implements TailFrame {
        public News {
            slices = List.copyOf(slices);
            moved = List.copyOf(moved);
            gone = List.copyOf(gone);
        }
    }

    /// Nothing was heard for longer than between two heartbeats: what was told may be old.
    record Quiet() implements TailFrame {}

    /// The end of `Quiet`; what happened meanwhile follows.
    record HeardAgain() implements TailFrame {}

    /// The feed broke: what happens until the next `Opened` is not told, and is told in full after it.
    record Broken() implements TailFrame {}
}
