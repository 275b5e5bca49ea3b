package io.millrace.fetch.cache;

import static io.millrace.testkit.TestData.batch;

import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSlice;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// One partition as its owner has it: answers range reads, at once or when the test lets it, and makes the feed's
/// frames.
final class OwnerLog {

    static final PartitionId ID = new PartitionId(new TopicId(1, 2), 3);
    static final int EPOCH = 1;
    static final CacheAges NOTHING_COMPACTED =
            new CacheAges(() -> Catalog.of("cluster", EPOCH, 1, List.of()), System::nanoTime, 10_000);

    final List<RecordBatch> batches = new ArrayList<>();
    final List<ReadRequest> asked = new ArrayList<>();
    final Deque<Runnable> held = new ArrayDeque<>();
    boolean isHolding;

    /// Whether answers are views of one buffer each, as they are when they come over the network.
    boolean isFraming;

    private final List<byte[]> frames = new ArrayList<>();
    long logStartOffset;
    private int readsMaxBytes = Integer.MAX_VALUE;

    long end() {
        return batches.isEmpty() ? 0 : batches.getLast().endOffset();
    }

    Watermarks watermarks() {
        return new Watermarks(logStartOffset, end(), end(), EPOCH);
    }

    RecordBatch append(int records, int valueBytes) {
        RecordBatch placed = batch().withRecords(records - 1)
                .withValueBytes(valueBytes)
                .build()
                .placedAt(end(), EPOCH);
        batches.add(placed);
        return placed;
    }

    /// What the feed says when these batches were appended, and when they were left out.
    TailFrame.News news(RecordBatch... pushed) {
        List<TailSlice> slices = new ArrayList<>();
        for (RecordBatch each : pushed) {
            slices.add(new TailSlice(ID, List.of(each)));
        }
        return new TailFrame.News(slices, List.of(new PartitionNews(ID, watermarks())), List.of());
    }

    void limitReadsTo(int bytes) {
        readsMaxBytes = bytes;
    }

    /// What is held back says what was true when it was asked.
    Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        asked.addAll(requests);
        CompletableFuture<List<ReadOutcome>> answer = new CompletableFuture<>();
        List<ReadOutcome> outcomes = requests.stream()
                .map(request -> isFraming ? framed(outcome(request)) : outcome(request))
                .toList();
        Runnable completion = () -> answer.complete(outcomes);
        if (isHolding) {
            held.add(completion);
        } else {
            completion.run();
        }
        return Uni.createFrom().completionStage(answer);
    }

    ReadOutcome outcome(ReadRequest request) {
        if (request.fromOffset() < logStartOffset || request.fromOffset() > end()) {
            return new ReadOutcome.OutOfRange(watermarks());
        }
        return new ReadOutcome.Batches(
                page(request.fromOffset(), Math.min(request.maxBytes(), readsMaxBytes)), watermarks());
    }

    private ReadOutcome framed(ReadOutcome outcome) {
        return outcome instanceof ReadOutcome.Batches page
                ? new ReadOutcome.Batches(framed(page.batches()), page.watermarks())
                : outcome;
    }

    List<RecordBatch> framed(List<RecordBatch> page) {
        byte[] bytes = new byte[page.stream().mapToInt(RecordBatch::sizeInBytes).sum()];
        frames.add(bytes);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        List<RecordBatch> views = new ArrayList<>();
        for (RecordBatch each : page) {
            int from = frame.position();
            frame.put(each.buffer());
            views.add(RecordBatch.view(frame, from, each.sizeInBytes()));
        }
        return views;
    }

    /// Whoever still views them is found out.
    void wipeFrames() {
        frames.forEach(frame -> Arrays.fill(frame, (byte) 0));
    }

    /// What batches are compared by where some may be copies.
    static List<ByteBuffer> buffers(List<RecordBatch> batches) {
        return batches.stream().map(RecordBatch::buffer).toList();
    }

    /// The batches from the one that covers the offset, no more bytes than wanted but for the first.
    List<RecordBatch> page(long fromOffset, int bytesMax) {
        List<RecordBatch> page = new ArrayList<>();
        long bytes = 0;
        for (RecordBatch each : batches) {
            if (each.endOffset() > fromOffset) {
                if (!page.isEmpty() && bytes + each.sizeInBytes() > bytesMax) {
                    break;
                }
                page.add(each);
                bytes += each.sizeInBytes();
            }
        }
        return page;
    }
}
