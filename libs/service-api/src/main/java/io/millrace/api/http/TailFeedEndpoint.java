package io.millrace.api.http;

import io.millrace.api.feed.TailFrame;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One follower of the tail: told the watermarks of each partition that it subscribes at once, and then each time they
/// moved, as fast as it reads; what it was too slow for is merged, so that at most one piece of news per partition
/// waits.
///
/// A partition is registered before its watermarks are read, so that no movement falls between the two.
///
/// Threads: the stream's context, but for the two `publish` methods, which the store's applying thread calls.
final class TailFeedEndpoint implements StreamPeer {

    private static final int NEWS_PER_FRAME = 2_000;

    private final StoreService store;
    private final FeedPublisher publisher;
    private final Context context;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Set<PartitionId> subscribed = ConcurrentHashMap.newKeySet();
    /// The same in order, so that a topic's partitions are found without a look at all others.
    private final NavigableSet<PartitionId> ordered = new ConcurrentSkipListSet<>();

    private final Map<PartitionId, News> waiting = new ConcurrentHashMap<>();

    private @Nullable FramedStream stream;
    private boolean isFollowing;

    TailFeedEndpoint(StoreService store, FeedPublisher publisher, Context context) {
        this.store = store;
        this.publisher = publisher;
        this.context = context;
    }

    private sealed interface News {
        record Moved(Watermarks watermarks) implements News {}

        record Gone() implements News {}
    }

    void publish(List<PartitionNews> news) {
        boolean isNew = false;
        for (PartitionNews each : news) {
            if (subscribed.contains(each.partitionId())) {
                waiting.merge(each.partitionId(), new News.Moved(each.watermarks()), TailFeedEndpoint::later);
                isNew = true;
            }
        }
        if (isNew) {
            schedule();
        }
    }

    void publishCatalog(List<CatalogNews> news) {
        for (CatalogNews each : news) {
            if (each instanceof CatalogNews.TopicDeleted(long _, TopicId topicId)) {
                PartitionId first = new PartitionId(topicId, 0);
                PartitionId last = new PartitionId(topicId, Integer.MAX_VALUE);
                ordered.subSet(first, true, last, true).forEach(id -> waiting.put(id, new News.Gone()));
                schedule();
            }
        }
    }

    @Override
    public void opened(FramedStream opened) {
        stream = opened;
    }

    @Override
    public void frame(ByteBuffer frame) {
        int type = frame.get();
        if (type == FrameType.OPENING && !isFollowing) {
            WireReader.decode(frame, FeedCodec::readOpening);
            isFollowing = true;
            publisher.add(this);
            write(new TailFrame.News(List.of(), List.of()));
        } else if (type == FrameType.SUBSCRIBE && isFollowing) {
            subscribe(WireReader.decode(frame, FeedCodec::readSubscription));
        } else {
            throw WireReader.unknown("frame on the tail feed", type);
        }
    }

    @Override
    public void writable() {
        send();
    }

    @Override
    public void closed(String why) {
        publisher.remove(this);
    }

    private void subscribe(FeedCodec.Subscription subscription) {
        for (PartitionId id : subscription.dropped()) {
            forget(id);
            waiting.remove(id);
        }
        ordered.addAll(subscription.added());
        subscribed.addAll(subscription.added());
        if (subscribed.size() > publisher.options().subscriptionsMax()) {
            throw new MalformedMessageException(
                    "more than " + publisher.options().subscriptionsMax() + " partitions are subscribed");
        }
        for (PartitionId id : subscription.added()) {
            Optional<Watermarks> watermarks = store.watermarks(id);
            News news = watermarks.isPresent() ? new News.Moved(watermarks.get()) : new News.Gone();
            waiting.merge(id, news, TailFeedEndpoint::later);
        }
        send();
    }

    private void forget(PartitionId id) {
        subscribed.remove(id);
        ordered.remove(id);
    }

    private void schedule() {
        if (isScheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> send());
        }
    }

    private void send() {
        isScheduled.set(false);
        while (stream != null && stream.hasRoom() && !waiting.isEmpty()) {
            write(nextNews());
        }
    }

    private TailFrame.News nextNews() {
        List<PartitionNews> moved = new ArrayList<>();
        List<PartitionId> gone = new ArrayList<>();
        Iterator<PartitionId> ids = waiting.keySet().iterator();
        while (ids.hasNext() && moved.size() + gone.size() < NEWS_PER_FRAME) {
            PartitionId id = ids.next();
            switch (waiting.remove(id)) {
                case null -> {}
                case News.Moved(Watermarks watermarks) -> moved.add(new PartitionNews(id, watermarks));
                case News.Gone() -> {
                    forget(id);
                    gone.add(id);
                }
            }
        }
        return new TailFrame.News(moved, gone);
    }

    private void write(TailFrame.News news) {
        if (stream != null) {
            WireWriter out = new WireWriter(256);
            FeedCodec.writeTailNews(out, news);
            stream.write(out.toBuffer());
        }
    }

    /// Watermarks never go back within an epoch; a partition that is gone stays gone.
    private static News later(News one, News other) {
        if (one instanceof News.Moved(Watermarks first) && other instanceof News.Moved(Watermarks second)) {
            return isLater(first, second) ? one : other;
        }
        return one instanceof News.Gone ? one : other;
    }

    private static boolean isLater(Watermarks first, Watermarks second) {
        if (first.leaderEpoch() != second.leaderEpoch()) {
            return first.leaderEpoch() > second.leaderEpoch();
        }
        return first.highWatermark() + first.lastStableOffset() + first.logStartOffset()
                > second.highWatermark() + second.lastStableOffset() + second.logStartOffset();
    }
}
