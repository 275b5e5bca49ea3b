package io.millrace.fetch;

import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.RecordBatches.From;
import io.millrace.model.PartitionId;
import io.millrace.runtime.rest.Problems;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Records of a partition as they come, for readers that take one page after the other as fast as they can.
///
/// Threads: any. Errors: problems; one in mid-stream ends it, and the reader comes back for what follows.
final class RecordStreams {

    /// In one read; the reader's pace decides when the next one comes.
    private static final int RECORDS_PER_PAGE = 500;

    private final PartitionRecords records;
    private final News news;
    private final int streamsMax;
    private final Duration quietMax;
    private final AtomicInteger open = new AtomicInteger();

    /// Waits for news of partitions; see `TailFeed.awaitNews`.
    @FunctionalInterface
    interface News {
        Uni<Void> await(Map<PartitionId, Long> highWatermarksSeen, Duration atMost);
    }

    /// @param quietMax after so long without a record the stream says that it is alive
    RecordStreams(PartitionRecords records, News news, int streamsMax, Duration quietMax) {
        this.records = records;
        this.news = news;
        this.streamsMax = streamsMax;
        this.quietMax = quietMax;
    }

    /// Endless; an empty item is a sign of life.
    Multi<Optional<PlainRecord>> open(String topic, int partition, ReadFrom from) {
        if (open.incrementAndGet() > streamsMax) {
            open.decrementAndGet();
            throw Problems.unavailable("There are " + streamsMax + " live streams open already.");
        }
        return records.partition(topic, partition)
                .flatMap(id -> records.start(id, from).map(start -> new Cursor(id, start)))
                .onItem()
                .transformToMulti(this::follow)
                .onTermination()
                .invoke(() -> open.decrementAndGet());
    }

    private Multi<Optional<PlainRecord>> follow(Cursor cursor) {
        return Multi.createBy()
                .repeating()
                .uni(() -> next(cursor))
                .indefinitely()
                .concatMap(page -> page.isEmpty()
                        ? Multi.createFrom().item(Optional.empty())
                        : Multi.createFrom().iterable(page).map(Optional::of));
    }

    private Uni<List<PlainRecord>> next(Cursor cursor) {
        Long seen = cursor.endSeen.get();
        Uni<Void> wait =
                seen == null ? Uni.createFrom().voidItem() : news.await(Map.of(cursor.partitionId, seen), quietMax);
        return wait.flatMap(_ -> records.read(cursor.partitionId, cursor.start, RECORDS_PER_PAGE))
                .map(cursor::advance);
    }

    /// Where one stream is.
    ///
    /// Threads: one after the other, as the pages come.
    private static final class Cursor {
        private final PartitionId partitionId;
        private final AtomicReference<@Nullable Long> endSeen = new AtomicReference<>();
        private volatile From start;

        Cursor(PartitionId partitionId, From start) {
            this.partitionId = partitionId;
            this.start = start;
        }

        List<PlainRecord> advance(PartitionRecords.Page page) {
            long end = page.watermarks().highWatermark();
            start = From.offset(page.nextOffset());
            endSeen.set(page.nextOffset() >= end ? end : null);
            return page.records();
        }
    }
}
