package io.millrace.api.http;

import io.millrace.api.feed.TailContent;
import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSlice;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.PlacedBatch;
import io.millrace.model.RecordBatch;
import java.util.ArrayList;
import java.util.List;

/// The messages of the feeds as bytes.
final class FeedCodec {

    static final int SUBSCRIPTION_BYTES = ModelCodec.PARTITION_ID_BYTES + 1;

    private static final int WATERMARKS = 0;
    private static final int BATCHES = 1;
    private static final int NEWS_BYTES = ModelCodec.PARTITION_ID_BYTES + 3 * Long.BYTES + Integer.BYTES;

    private FeedCodec() {}

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

    static void writeSubscription(WireWriter out, TailSubscriptions.Changes changes) {
        long frame = out.beginFrame();
        out.putByte(FrameType.SUBSCRIBE).putInt(changes.added().size());
        for (TailSubscriptions.Added each : changes.added()) {
            ModelCodec.writePartitionId(out, each.partitionId());
            out.putByte(code(each.content()));
        }
        writePartitions(out, changes.dropped());
        out.endFrame(frame);
    }

    static TailSubscriptions.Changes readSubscription(WireReader in) {
        List<TailSubscriptions.Added> added = in.readList(
                SUBSCRIPTION_BYTES,
                each -> new TailSubscriptions.Added(each.readPartitionId(), content(each.readByte())));
        return new TailSubscriptions.Changes(added, readPartitions(in));
    }

    private static int code(TailContent content) {
        return switch (content) {
            case WATERMARKS -> WATERMARKS;
            case BATCHES -> BATCHES;
        };
    }

    private static TailContent content(int code) {
        return switch (code) {
            case WATERMARKS -> TailContent.WATERMARKS;
            case BATCHES -> TailContent.BATCHES;
            default -> throw WireReader.unknown("content of the tail feed", code);
        };
    }

    /// One frame for the batches of one partition, so that they land in a buffer of their own.
    static void writeBatches(WireWriter out, PartitionId id, List<PlacedBatch> batches) {
        int bytes = 1 + ModelCodec.PARTITION_ID_BYTES;
        for (PlacedBatch batch : batches) {
            bytes += batch.sizeInBytes();
        }
        ModelCodec.writePartitionId(out.putInt(bytes).putByte(FrameType.TAIL_BATCHES), id);
        for (PlacedBatch batch : batches) {
            out.gather(batch.header()).gather(batch.records());
        }
    }

    static TailSlice readBatches(WireReader in) {
        PartitionId id = in.readPartitionId();
        List<RecordBatch> batches = new ArrayList<>();
        while (in.remaining() > 0) {
            batches.add(in.readBatch());
        }
        return new TailSlice(id, batches);
    }

    static void writeTailNews(WireWriter out, List<PartitionNews> moved, List<PartitionId> gone) {
        long frame = out.beginFrame();
        out.putByte(FrameType.TAIL_NEWS).putInt(moved.size());
        for (PartitionNews each : moved) {
            ModelCodec.writePartitionId(out, each.partitionId());
            ModelCodec.writeWatermarks(out, each.watermarks());
        }
        writePartitions(out, gone);
        out.endFrame(frame);
    }

    /// @param slices the batches that came since the last news
    static TailFrame.News readTailNews(WireReader in, List<TailSlice> slices) {
        List<PartitionNews> moved =
                in.readList(NEWS_BYTES, each -> new PartitionNews(each.readPartitionId(), each.readWatermarks()));
        return new TailFrame.News(slices, moved, readPartitions(in));
    }

    private static void writePartitions(WireWriter out, List<PartitionId> partitionIds) {
        out.putInt(partitionIds.size());
        partitionIds.forEach(id -> ModelCodec.writePartitionId(out, id));
    }

    private static List<PartitionId> readPartitions(WireReader in) {
        return in.readList(ModelCodec.PARTITION_ID_BYTES, WireReader::readPartitionId);
    }
}
