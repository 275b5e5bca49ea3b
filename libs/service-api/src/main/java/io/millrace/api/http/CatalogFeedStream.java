package io.millrace.api.http;

import io.millrace.model.CatalogNews;
import java.nio.ByteBuffer;

/// The follower's end of the catalog feed.
///
/// Threads: the stream's context.
final class CatalogFeedStream implements StreamPeer {

    private final FeedInbox<CatalogNews> inbox;

    CatalogFeedStream(FeedInbox<CatalogNews> inbox) {
        this.inbox = inbox;
    }

    @Override
    public void opened(FramedStream stream) {
        WireWriter out = new WireWriter(16);
        FeedCodec.writeOpening(out);
        stream.write(out.toBuffer());
        inbox.attach(stream);
    }

    @Override
    public void frame(ByteBuffer frame) {
        int type = frame.get();
        if (type != FrameType.CATALOG_NEWS) {
            throw WireReader.unknown("frame on the catalog feed", type);
        }
        inbox.add(WireReader.decode(frame, ModelCodec::readCatalogNews));
    }

    @Override
    public void writable() {}

    @Override
    public void closed(String why) {
        inbox.detach();
    }
}
