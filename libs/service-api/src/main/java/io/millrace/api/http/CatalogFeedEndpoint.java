package io.millrace.api.http;

import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One follower of the catalog: a snapshot, then each change; another snapshot in place of more changes than may wait.
///
/// A follower is registered before its snapshot is taken, so that each change is in the snapshot or comes after it.
///
/// Threads: the stream's context, but for [#publish], which the store's applying thread calls.
final class CatalogFeedEndpoint implements StreamPeer {

    private final StoreService store;
    private final FeedPublisher publisher;
    private final Context context;
    private final AtomicBoolean isScheduled = new AtomicBoolean();

    /// Guards the changes that wait and whether they are too many.
    private final ReentrantLock lock = new ReentrantLock();

    private final Deque<CatalogNews> changes = new ArrayDeque<>();
    private boolean needsSnapshot = true;

    private @Nullable FramedStream stream;
    private boolean isFollowing;
    private long snapshotVersion;

    CatalogFeedEndpoint(StoreService store, FeedPublisher publisher, Context context) {
        this.store = store;
        this.publisher = publisher;
        this.context = context;
    }

    void publish(List<CatalogNews> news) {
        lock.lock();
        try {
            if (!needsSnapshot
                    && changes.size() + news.size() > publisher.options().catalogChangesMax()) {
                changes.clear();
                needsSnapshot = true;
            }
            if (!needsSnapshot) {
                changes.addAll(news);
            }
        } finally {
            lock.unlock();
        }
        if (isScheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> send());
        }
    }

    @Override
    public void opened(FramedStream opened) {
        stream = opened;
    }

    @Override
    public void frame(ByteBuffer frame) {
        int type = frame.get();
        if (type != FrameType.OPENING || isFollowing) {
            throw WireReader.unknown("frame on the catalog feed", type);
        }
        WireReader.decode(frame, FeedCodec::readOpening);
        isFollowing = true;
        publisher.add(this);
        send();
    }

    @Override
    public void writable() {
        send();
    }

    @Override
    public void closed(String why) {
        publisher.remove(this);
    }

    private void send() {
        isScheduled.set(false);
        FramedStream target = stream;
        while (target != null && target.hasRoom()) {
            CatalogNews next = next();
            if (next == null) {
                return;
            }
            WireWriter out = new WireWriter(512);
            FeedCodec.writeCatalogNews(out, next);
            target.write(out.toBuffer());
        }
    }

    private @Nullable CatalogNews next() {
        lock.lock();
        try {
            if (needsSnapshot) {
                // From here on changes are queued again; what is in the snapshot, too, is skipped below.
                needsSnapshot = false;
                Catalog catalog = store.catalog();
                snapshotVersion = catalog.version();
                return new CatalogNews.Snapshot(catalog);
            }
            CatalogNews change = changes.poll();
            while (change != null && version(change) <= snapshotVersion) {
                change = changes.poll();
            }
            return change;
        } finally {
            lock.unlock();
        }
    }

    private static long version(CatalogNews news) {
        return switch (news) {
            case CatalogNews.Snapshot(Catalog catalog) -> catalog.version();
            case CatalogNews.TopicChanged changed -> changed.version();
            case CatalogNews.TopicDeleted deleted -> deleted.version();
            case CatalogNews.ResourceChanged changed -> changed.version();
        };
    }
}
