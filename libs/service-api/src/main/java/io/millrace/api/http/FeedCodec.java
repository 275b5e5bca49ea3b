package io.millrace.api.http;

import io.millrace.api.feed.TailFrame;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import java.util.List;

/// The messages of the feeds as bytes.
final class FeedCodec {

    private static final int NEWS_BYTES = ModelCodec.PARTITION_ID_BYTES + 3 * Long.BYTES + Integer.BYTES;

    private FeedCodec() {}

    /// What a follower of the tail wants to be told of from now on, and what no more.
    record Subscription(List<PartitionId> added, List<PartitionId> dropped) {}

    static void writeOpening(WireWriter out) {
        long frame = out.beginFrame();
        out.putByte(FrameType.OPENING).putInt(FrameType.PROTOCOL_VERSION).endFrame(frame);
    }

    /// @throws MalformedMessageException if the peer speaks another version
    static int readOpening(WireReader in) {
        int version = in.readInt();
        if (version != FrameType.PROTOCOL_VERSION) {
            throw new MalformedMessageException(
                    "protocol version " + version + " where " + FrameType.PROTOCOL_VERSION + " is spoken");
        }
        return version;
    }

    static void writeCatalogNews(WireWriter out, CatalogNews news) {
        long frame = out.beginFrame();
        ModelCodec.writeCatalogNews(out.putByte(FrameType.CATALOG_NEWS), news);
        out.endFrame(frame);
    }

    static void writeSubscription(WireWriter out, Subscription subscription) {
        long frame = out.beginFrame();
        out.putByte(FrameType.SUBSCRIBE);
        writePartitions(out, subscription.added());
        writePartitions(out, subscription.dropped());
        out.endFrame(frame);
    }

    static Subscription readSubscription(WireReader in) {
        return new Subscription(readPartitions(in), readPartitions(in));
    }

    static void writeTailNews(WireWriter out, TailFrame.News news) {
        long frame = out.beginFrame();
        out.putByte(FrameType.TAIL_NEWS).putInt(news.moved().size());
        for (PartitionNews each : news.moved()) {
            ModelCodec.writePartitionId(out, each.partitionId());
            ModelCodec.writeWatermarks(out, each.watermarks());
        }
        writePartitions(out, news.gone());
        out.endFrame(frame);
    }

    static TailFrame.News readTailNews(WireReader in) {
        List<PartitionNews> moved =
                in.readList(NEWS_BYTES, each -> new PartitionNews(each.readPartitionId(), each.readWatermarks()));
        return new TailFrame.News(moved, readPartitions(in));
    }

    private static void writePartitions(WireWriter out, List<PartitionId> partitionIds) {
        out.putInt(partitionIds.size());
        partitionIds.forEach(id -> ModelCodec.writePartitionId(out, id));
    }

    private static List<PartitionId> readPartitions(WireReader in) {
        return in.readList(ModelCodec.PARTITION_ID_BYTES, WireReader::readPartitionId);
    }
}
