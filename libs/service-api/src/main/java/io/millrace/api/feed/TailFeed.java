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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the tail feed told of partitions, and the readers that wait for more.
///
/// A partition is subscribed when somebody asks for it first, and dropped when nobody did for a while; its batches are
/// wanted once somebody waits at its end. No wake-up is lost: the store answers each subscription with the watermarks
/// of that moment, and tells each later movement; both are compared, under one lock, with what each waiter has seen.
///
/// Threads: all methods from any thread; waiters are answered on any thread. Units: record offsets.
public final class TailFeed {

    /// How long readers of partitions beyond the limit wait before they look for themselves.
    private static final long POLL_MILLIS = 100;

    private static final int SWEEPS_PER_IDLE_TIME = 4;

    private final Vertx vertx;
    private final TailSubscriptions subscriptions;
    private final FeedOptions options;
    private final TailContent contentForWaiters;
    private final Consumer<TailSlice> batches;
    private final long sweepTimer;

    /// Guards everything below, and each waiter's state.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<PartitionId, Followed> followed = new HashMap<>();
    private long sweep;
    private boolean isQuiet = true;

    /// A feed of watermarks only.
    public TailFeed(Vertx vertx, TailSubscriptions subscriptions, FeedOptions options) {
        this(vertx, subscriptions, options, TailContent.WATERMARKS, _ -> {});
    }

    /// A feed that brings the batches of partitions at whose end somebody waits.
    ///
    /// @param batches gets them, on the channel's thread, before the watermarks that cover them are known here
    public static TailFeed withBatches(
            Vertx vertx, TailSubscriptions subscriptions, FeedOptions options, Consumer<TailSlice> batches) {
        return new TailFeed(vertx, subscriptions, options, TailContent.BATCHES, batches);
    }

    private TailFeed(
            Vertx vertx,
            TailSubscriptions subscriptions,
            FeedOptions options,
            TailContent contentForWaiters,
            Consumer<TailSlice> batches) {
        this.vertx = vertx;
        this.subscriptions = subscriptions;
        this.options = options;
        this.contentForWaiters = contentForWaiters;
        this.batches = batches;
        long sweepMillis = Math.max(1, options.subscriptionIdle().toMillis() / SWEEPS_PER_IDLE_TIME);
        this.sweepTimer = vertx.setPeriodic(sweepMillis, _ -> dropIdle());
    }

    private static final class Followed {
        private final Set<Waiter> waiters = new HashSet<>();
        private TailContent content;

        /// The latest that the feed or the owner said; never goes back, also while the feed is broken.
        private @Nullable Watermarks latest;

        /// Whether the feed vouches for them.
        private boolean isTold;

        private long lastSweep;

        Followed(TailContent content) {
            this.content = content;
        }

        Watermarks raise(Watermarks watermarks) {
            latest = latest == null ? watermarks : latest.later(watermarks);
            return latest;
        }
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

    /// The watermarks as the feed told them last; empty if it did not lately, and then it is asked to. They are as old
    /// as a message takes, or two heartbeats if the feed is stuck.
    public Optional<Watermarks> follow(PartitionId partitionId) {
        lock.lock();
        try {
            Followed partition = follow(partitionId, TailContent.WATERMARKS);
            return partition == null || isQuiet || !partition.isTold
                    ? Optional.empty()
                    : Optional.ofNullable(partition.latest);
        } finally {
            lock.unlock();
        }
    }

    /// What the owner said of a partition when it was asked; nobody may be told less afterwards.
    ///
    /// @return the latest that is known by now, for the answer may have been on its way for long
    public Watermarks observed(PartitionId partitionId, Watermarks watermarks) {
        Watermarks latest = watermarks;
        List<Waiter> woken = new ArrayList<>();
        lock.lock();
        try {
            Followed partition = followed.get(partitionId);
            if (partition != null) {
                Watermarks before = partition.latest;
                latest = partition.raise(watermarks);
                if (partition.isTold && !latest.equals(before)) {
                    addWoken(partition, partitionId, latest, woken);
                }
            }
        } finally {
            lock.unlock();
        }
        wake(woken);
        return latest;
    }

    /// The next message of the channel, in order.
    public void accept(TailFrame frame) {
        if (frame instanceof TailFrame.News news) {
            news.slices().forEach(batches);
        }
        List<Waiter> woken = new ArrayList<>();
        lock.lock();
        try {
            switch (frame) {
                case TailFrame.Opened(), TailFrame.HeardAgain() -> isQuiet = false;
                case TailFrame.News news -> {
                    news.moved().forEach(each -> moved(each, woken));
                    news.gone().forEach(id -> gone(id, woken));
                }
                case TailFrame.Quiet() -> quiet(woken);
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
            Followed partition = follow(id, contentForWaiters);
            if (partition == null) {
                isComplete = false;
            } else {
                partition.waiters.add(waiter);
            }
        }
        return isComplete;
    }

    /// @return null if too many are followed
    private @Nullable Followed follow(PartitionId id, TailContent least) {
        Followed partition = followed.get(id);
        if (partition == null) {
            if (followed.size() >= options.subscriptionsMax()) {
                return null;
            }
            partition = new Followed(least);
            followed.put(id, partition);
            subscriptions.add(id, least);
        } else if (partition.content.compareTo(least) < 0) {
            partition.content = least;
            subscriptions.add(id, least);
        }
        partition.lastSweep = sweep;
        return partition;
    }

    private boolean hasNews(Waiter waiter) {
        for (Map.Entry<PartitionId, Long> entry : waiter.seen.entrySet()) {
            Followed partition = followed.get(entry.getKey());
            if (partition != null
                    && partition.isTold
                    && partition.latest != null
                    && partition.latest.highWatermark() > entry.getValue()) {
                return true;
            }
        }
        return false;
    }

    private void moved(PartitionNews news, List<Waiter> woken) {
        Followed partition = followed.get(news.partitionId());
        if (partition != null) {
            partition.isTold = true;
            addWoken(partition, news.partitionId(), partition.raise(news.watermarks()), woken);
        }
    }

    private static void addWoken(Followed partition, PartitionId id, Watermarks latest, List<Waiter> woken) {
        for (Waiter waiter : partition.waiters) {
            if (latest.highWatermark() > waiter.seen.getOrDefault(id, Long.MAX_VALUE)) {
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

    /// Whoever waits looks for himself.
    private void quiet(List<Waiter> woken) {
        isQuiet = true;
        followed.values().forEach(partition -> woken.addAll(partition.waiters));
    }

    private void broken(List<Waiter> woken) {
        isQuiet = true;
        for (Followed partition : followed.values()) {
            partition.isTold = false;
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
