package io.millrace.api.feed;

import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Wakes readers that wait for news of partitions.
///
/// A partition is subscribed when somebody waits for it first, and dropped when nobody did for a while. No wake-up is
/// lost: the store answers each subscription with the watermarks of that moment, and tells each later movement; both
/// are compared, under one lock, with what each waiter has seen.
///
/// Threads: all methods from any thread; waiters are answered on any thread. Units: record offsets.
public final class TailFeed {

    /// How long readers of partitions beyond the limit wait before they look for themselves.
    private static final long POLL_MILLIS = 100;

    private static final int SWEEPS_PER_IDLE_TIME = 4;

    private final Vertx vertx;
    private final TailSubscriptions subscriptions;
    private final FeedOptions options;
    private final long sweepTimer;

    /// Guards everything below, and each waiter's state.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<PartitionId, Followed> followed = new HashMap<>();
    private long sweep;

    public TailFeed(Vertx vertx, TailSubscriptions subscriptions, FeedOptions options) {
        this.vertx = vertx;
        this.subscriptions = subscriptions;
        this.options = options;
        long sweepMillis = Math.max(1, options.subscriptionIdle().toMillis() / SWEEPS_PER_IDLE_TIME);
        this.sweepTimer = vertx.setPeriodic(sweepMillis, _ -> dropIdle());
    }

    private static final class Followed {
        private final Set<Waiter> waiters = new HashSet<>();
        private @Nullable Watermarks watermarks;
        private long lastSweep;
    }

    private static final class Waiter {
        private final Map<PartitionId, Long> seen;
        private final UniEmitter<? super Void> emitter;
        private long timer = -1;

        Waiter(Map<PartitionId, Long> seen, UniEmitter<? super Void> emitter) {
            this.seen = seen;
            this.emitter = emitter;
        }
    }

    /// Answers as soon as one of these partitions has a high watermark past the one seen, is gone, or the feed
    /// broke; at the latest after the time given. While the feed is broken it waits for it to stand again.
    public Uni<Void> awaitNews(Map<PartitionId, Long> highWatermarksSeen, Duration atMost) {
        Map<PartitionId, Long> seen = Map.copyOf(highWatermarksSeen);
        return Uni.createFrom().<Void>emitter(emitter -> await(new Waiter(seen, emitter), atMost.toMillis()));
    }

    /// The last watermarks told of a partition that is followed now.
    public Optional<Watermarks> cached(PartitionId partitionId) {
        lock.lock();
        try {
            Followed partition = followed.get(partitionId);
            return partition == null ? Optional.empty() : Optional.ofNullable(partition.watermarks);
        } finally {
            lock.unlock();
        }
    }

    /// The next message of the channel, in order.
    public void accept(TailFrame frame) {
        List<Waiter> woken = new ArrayList<>();
        lock.lock();
        try {
            switch (frame) {
                case TailFrame.Opened() -> {}
                case TailFrame.News(List<PartitionNews> moved, List<PartitionId> gone) -> {
                    moved.forEach(news -> moved(news, woken));
                    gone.forEach(id -> gone(id, woken));
                }
                case TailFrame.Broken() -> broken(woken);
            }
        } finally {
            lock.unlock();
        }
        wake(woken);
    }

    public void close() {
        vertx.cancelTimer(sweepTimer);
        accept(new TailFrame.Broken());
    }

    private void await(Waiter waiter, long atMostMillis) {
        waiter.emitter.onTermination(() -> forget(waiter));
        boolean hasNews;
        boolean isFollowed;
        lock.lock();
        try {
            isFollowed = follow(waiter);
            hasNews = hasNews(waiter);
            if (!hasNews && atMostMillis > 0) {
                long millis = isFollowed ? atMostMillis : Math.min(atMostMillis, POLL_MILLIS);
                waiter.timer = vertx.setTimer(millis, _ -> wake(List.of(waiter)));
            }
        } finally {
            lock.unlock();
        }
        if (hasNews || atMostMillis <= 0) {
            wake(List.of(waiter));
        }
    }

    /// @return false if some partition is beyond the limit
    private boolean follow(Waiter waiter) {
        boolean isComplete = true;
        for (PartitionId id : waiter.seen.keySet()) {
            Followed partition = followed.get(id);
            if (partition == null && followed.size() >= options.subscriptionsMax()) {
                isComplete = false;
                continue;
            }
            if (partition == null) {
                partition = new Followed();
                followed.put(id, partition);
                subscriptions.add(id);
            }
            partition.lastSweep = sweep;
            partition.waiters.add(waiter);
        }
        return isComplete;
    }

    private boolean hasNews(Waiter waiter) {
        for (Map.Entry<PartitionId, Long> entry : waiter.seen.entrySet()) {
            Followed partition = followed.get(entry.getKey());
            if (partition != null
                    && partition.watermarks != null
                    && partition.watermarks.highWatermark() > entry.getValue()) {
                return true;
            }
        }
        return false;
    }

    private void moved(PartitionNews news, List<Waiter> woken) {
        Followed partition = followed.get(news.partitionId());
        if (partition == null) {
            return;
        }
        partition.watermarks = news.watermarks();
        for (Waiter waiter : partition.waiters) {
            if (news.watermarks().highWatermark() > waiter.seen.getOrDefault(news.partitionId(), Long.MAX_VALUE)) {
                woken.add(waiter);
            }
        }
    }

    private void gone(PartitionId id, List<Waiter> woken) {
        Followed partition = followed.remove(id);
        if (partition != null) {
            subscriptions.drop(id);
            woken.addAll(partition.waiters);
        }
    }

    private void broken(List<Waiter> woken) {
        for (Followed partition : followed.values()) {
            partition.watermarks = null;
            woken.addAll(partition.waiters);
        }
    }

    /// Outside the lock: whoever is answered may wait again at once.
    private static void wake(Collection<Waiter> woken) {
        woken.forEach(waiter -> waiter.emitter.complete(null));
    }

    private void forget(Waiter waiter) {
        lock.lock();
        try {
            vertx.cancelTimer(waiter.timer);
            for (PartitionId id : waiter.seen.keySet()) {
                Followed partition = followed.get(id);
                if (partition != null) {
                    partition.waiters.remove(waiter);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void dropIdle() {
        lock.lock();
        try {
            sweep++;
            followed.entrySet().removeIf(entry -> {
                Followed partition = entry.getValue();
                boolean isIdle = partition.waiters.isEmpty() && sweep - partition.lastSweep > SWEEPS_PER_IDLE_TIME;
                if (isIdle) {
                    subscriptions.drop(entry.getKey());
                }
                return isIdle;
            });
        } finally {
            lock.unlock();
        }
    }
}
