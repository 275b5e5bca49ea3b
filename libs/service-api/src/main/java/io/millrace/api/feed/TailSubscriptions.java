package io.millrace.api.feed;

import io.millrace.model.PartitionId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which partitions this process wants news of; [TailFeed] fills it, and the tail feed's connection tells it to the
/// store.
///
/// Threads: from any thread.
@SuppressWarnings("UnusedVariable")
public final class TailSubscriptions {
    private final Map<PartitionId, Long> wanted = new LinkedHashMap<>();
    private @Nullable Runnable listener;
}
