package io.millrace.api.http;

import io.millrace.api.feed.TailContent;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.PlacedBatch;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One follower of the tail: told the watermarks of each partition that it subscribes at once, and then each time they
/// moved, with the batches if it wants them, as fast as it reads.
///
/// A partition is registered before its watermarks are read, so that no movement falls between the two.
///
/// Threads: the stream's context, but for the two `publish` methods, which the store's applying thread calls, and
/// [#waitingBytes], which any does.
final class TailFeedEndpoint implements StreamPeer {

    private final StoreService store;
    private final FeedPublisher publisher;
    private final Context context;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final Map<PartitionId, TailContent> subscribed = new ConcurrentHashMap<>();
    /// The same in order, so that a topic's partitions are found without a look at all others.
    private final NavigableSet<PartitionId> ordered = new ConcurrentSkipListSet<>();

    private final TailNewsQueue waiting;

    private @Nullable FramedStream stream;
    private boolean isFollowing;

    TailFeedEndpoint(StoreService store, FeedPublisher publisher, Context context) {
        this.store = store;
        this.publisher = publisher;
        this.context = context;
        this.waiting = new TailNewsQueue(publisher.options().tailPendingBytesMax());
    }

    void publish(List<PlacedBatch> batches, List<PartitionNews> news) {
        Map<PartitionId, List<PlacedBatch>> wanted = wanted(batches);
        boolean isNew = false;
        for (PartitionNews each : news) {
            PartitionId id = each.partitionId();
            if (subscribed.containsKey(id)) {
                waiting.moved(id, each.watermarks(), wanted.getOrDefault(id, List.of()));
                isNew = true;
            }
        }
        if (isNew) {
            schedule();
        }
    }

    private Map<PartitionId, List<PlacedBatch>> wanted(List<PlacedBatch> batches) {
        Map<PartitionId, List<PlacedBatch>> wanted = new HashMap<>();
        for (PlacedBatch batch : batches) {
            if (subscribed.get(batch.partitionId()) == TailContent.BATCHES) {
                wanted.computeIfAbsent(batch.partitionId(), _ -> new ArrayList<>())
                        .add(batch);
            }
        }
        return wanted;
    }

    long waitingBytes() {
        return waiting.bytes();
    }

    void publishCatalog(List<CatalogNews> news) {
        for (CatalogNews each : news) {
            if (each instanceof CatalogNews.TopicDeleted(long _, TopicId topicId)) {
                PartitionId first = new PartitionId(topicId, 0);
                PartitionId last = new PartitionId(topicId, Integer.MAX_VALUE);
                ordered.subSet(first, true, last, true).forEach(waiting::gone);
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
            write(new TailNewsQueue.Message(List.of(), List.of(), List.of()));
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

    private void subscribe(TailSubscriptions.Changes changes) {
        for (PartitionId id : changes.dropped()) {
            forget(id);
            waiting.forget(id);
        }
        for (TailSubscriptions.Added each : changes.added()) {
            ordered.add(each.partitionId());
            subscribed.put(each.partitionId(), each.content());
        }
        if (subscribed.size() > publisher.options().subscriptionsMax()) {
            throw new MalformedMessageException(
                    "more than " + publisher.options().subscriptionsMax() + " partitions are subscribed");
        }
        for (TailSubscriptions.Added each : changes.added()) {
            Optional<Watermarks> watermarks = store.watermarks(each.partitionId());
            watermarks.ifPresentOrElse(
                    known -> waiting.moved(each.partitionId(), known, List.of()),
                    () -> waiting.gone(each.partitionId()));
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
            TailNewsQueue.Message message = waiting.next();
            message.gone().forEach(this::forget);
            write(message);
        }
        publisher.leftOut(waiting.takeLeftOutBytes());
    }

    private void write(TailNewsQueue.Message message) {
        if (stream == null) {
            return;
        }
        WireWriter out = new WireWriter(256);
        for (TailNewsQueue.Slice slice : message.slices()) {
            FeedCodec.writeBatches(out, slice.partitionId(), slice.batches());
        }
        FeedCodec.writeTailNews(out, message.moved(), message.gone());
        int batchBytes = message.slices().stream()
                .flatMap(slice -> slice.batches().stream())
                .mapToInt(PlacedBatch::sizeInBytes)
                .sum();
        publisher.pushed(batchBytes);
        stream.write(out.toBuffer());
    }
}
