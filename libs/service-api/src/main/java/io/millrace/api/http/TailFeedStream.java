package io.millrace.api.http;

import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSlice;
import io.millrace.api.feed.TailSubscriptions;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The follower's end of the tail feed: keeps the owner's list of subscriptions equal to ours.
///
/// Threads: the stream's context, but for [#changed].
final class TailFeedStream implements StreamPeer {

    private final FeedInbox<TailFrame> inbox;
    private final TailSubscriptions subscriptions;
    private final Context context;
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    /// Came before the news to which they belong; the owner bounds their bytes.
    private final List<TailSlice> slices = new ArrayList<>();

    private @Nullable FramedStream stream;

    TailFeedStream(FeedInbox<TailFrame> inbox, TailSubscriptions subscriptions, Context context) {
        this.inbox = inbox;
        this.subscriptions = subscriptions;
        this.context = context;
    }

    /// Other partitions are wanted now; many changes at once become one message.
    void changed() {
        if (isScheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> sendChanges());
        }
    }

    @Override
    public void opened(FramedStream opened) {
        stream = opened;
        WireWriter out = new WireWriter(16);
        FeedCodec.writeOpening(out);
        opened.write(out.toBuffer());
        inbox.attach(opened);
        inbox.add(new TailFrame.Opened());
        send(opened, subscriptions.takeAll());
    }

    @Override
    public void frame(ByteBuffer frame) {
        int type = frame.get();
        switch (type) {
            case FrameType.TAIL_BATCHES -> slices.add(WireReader.decode(frame, FeedCodec::readBatches));
            case FrameType.TAIL_NEWS -> {
                inbox.add(WireReader.decode(frame, in -> FeedCodec.readTailNews(in, slices)));
                slices.clear();
            }
            default -> throw WireReader.unknown("frame on the tail feed", type);
        }
    }

    @Override
    public void quiet() {
        inbox.add(new TailFrame.Quiet());
    }

    @Override
    public void heardAgain() {
        inbox.add(new TailFrame.HeardAgain());
    }

    @Override
    public void writable() {
        sendChanges();
    }

    @Override
    public void closed(String why) {
        stream = null;
        slices.clear();
        inbox.detach();
        inbox.add(new TailFrame.Broken());
    }

    private void sendChanges() {
        isScheduled.set(false);
        FramedStream target = stream;
        if (target != null && target.hasRoom()) {
            send(target, subscriptions.takeChanges());
        }
    }

    private static void send(FramedStream target, TailSubscriptions.Changes changes) {
        if (!changes.isEmpty()) {
            WireWriter out = new WireWriter(256);
            FeedCodec.writeSubscription(out, changes);
            target.write(out.toBuffer());
        }
    }
}
