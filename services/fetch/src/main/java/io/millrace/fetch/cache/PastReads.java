package io.millrace.fetch.cache;

import io.millrace.api.feed.TailFeed;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Reads of what the cache does not have, from the owner: each range once, however many ask, and the next one ahead of
/// a reader that goes on.
///
/// Threads: all methods from any thread. Units: bytes, record offsets.
public final class PastReads {

    private final OwnerReads owner;
    private final TailFeed feed;
    private final BatchCache cache;
    private final ReadAhead ahead;
    private final CacheMeters meters;
    private final RangesUnderWay underWay = new RangesUnderWay();
    private final AtomicInteger aheadCount = new AtomicInteger();

    /// How readers of the past are run ahead of.
    ///
    /// @param bytes asked for at once, however little the reader takes, and kept ready ahead of him
    /// @param countMax such reads under way at a time; above it, readers wait for what they ask for
    public record ReadAhead(int bytes, int countMax) {}

    public PastReads(OwnerReads owner, TailFeed feed, BatchCache cache, ReadAhead ahead, CacheMeters meters) {
        this.owner = owner;
        this.feed = feed;
        this.cache = cache;
        this.ahead = ahead;
        this.meters = meters;
    }

    /// One outcome per request; together no more than the budget.
    ///
    /// What is on its way from the owner for it is bounded by the same budget, which the caller has reserved,
    /// or by one read-ahead. Once it is here, the cache counts it; an answer that takes little keeps a copy.
    Uni<List<ReadOutcome>> read(List<ReadRequest> requests, Budget budget) {
        List<RangeRead> own = new ArrayList<>();
        List<Uni<ReadOutcome>> outcomes = new ArrayList<>();
        for (ReadRequest request : requests) {
            RangesUnderWay.Place place = underWay.join(enlarged(request));
            Uni<ReadOutcome> outcome =
                    Uni.createFrom().completionStage(place.read().outcome());
            if (place.isNew()) {
                own.add(place.read());
                outcomes.add(outcome);
            } else {
                meters.joined();
                outcomes.add(outcome.flatMap(other -> ofOther(request, other)));
            }
        }
        send(own, Math.max(budget.left(), ahead.bytes()));
        return Uni.join().all(outcomes).andFailFast().map(all -> within(requests, all, budget));
    }

    private ReadRequest enlarged(ReadRequest request) {
        return new ReadRequest(
                request.partitionId(), request.fromOffset(), Math.max(request.maxBytes(), ahead.bytes()));
    }

    /// A range that another reader asked for reaches as far as it does; what is missing is asked for once more.
    private Uni<ReadOutcome> ofOther(ReadRequest request, ReadOutcome other) {
        if (other instanceof ReadOutcome.Batches(List<RecordBatch> _, Watermarks watermarks)) {
            CachedPage page = cache.read(
                    request.partitionId(), request.fromOffset(), watermarks.highWatermark(), request.maxBytes());
            if (!page.isEmpty()) {
                return Uni.createFrom().item(new ReadOutcome.Batches(page.batches(), watermarks));
            }
        }
        RangesUnderWay.Place place = underWay.joinAt(enlarged(request));
        if (place.isNew()) {
            send(List.of(place.read()), place.read().request().maxBytes());
        }
        return Uni.createFrom().completionStage(place.read().outcome());
    }

    /// A reader has everything up to here: what follows is fetched ahead of him, unless it is here or on its way.
    void readUpTo(PartitionId id, long offset, long highWatermark) {
        long end = cache.endOfRun(id, offset, ahead.bytes());
        if (end < 0 || end >= highWatermark || aheadCount.get() >= ahead.countMax()) {
            return;
        }
        underWay.startUnlessUnderWay(new ReadRequest(id, end, ahead.bytes())).ifPresent(read -> {
            aheadCount.incrementAndGet();
            meters.ahead();
            CompletableFuture<ReadOutcome> _ = read.outcome().whenComplete((_, _) -> aheadCount.decrementAndGet());
            send(List.of(read), ahead.bytes());
        });
    }

    private void send(List<RangeRead> reads, long totalBytesMax) {
        if (reads.isEmpty()) {
            return;
        }
        meters.asked(reads.size());
        owner.read(reads.stream().map(RangeRead::request).toList(), totalBytesMax)
                .subscribe()
                .with(outcomes -> came(reads, outcomes), failure -> failed(reads, failure));
    }

    private void came(List<RangeRead> reads, List<ReadOutcome> outcomes) {
        for (int i = 0; i < reads.size(); i++) {
            ReadRequest request = reads.get(i).request();
            if (outcomes.get(i) instanceof ReadOutcome.Batches page) {
                meters.missed(page.sizeInBytes());
                cache.addPast(request.partitionId(), request.fromOffset(), page.batches());
            }
            underWay.end(reads.get(i), outcomes.get(i));
        }
    }

    private void failed(List<RangeRead> reads, Throwable failure) {
        ReadOutcome unknown = new ReadOutcome.Unknown(String.valueOf(failure.getMessage()));
        reads.forEach(read -> underWay.end(read, unknown));
    }

    /// Cut to what each reader takes.
    private List<ReadOutcome> within(List<ReadRequest> requests, List<ReadOutcome> outcomes, Budget budget) {
        List<ReadOutcome> cut = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            cut.add(
                    outcomes.get(i) instanceof ReadOutcome.Batches page
                            ? taken(requests.get(i), page, budget)
                            : outcomes.get(i));
        }
        return cut;
    }

    /// The page may have waited for those of other partitions; whoever takes little of it must not pin it.
    private ReadOutcome taken(ReadRequest request, ReadOutcome.Batches page, Budget budget) {
        if (page.batches().isEmpty()) {
            return page;
        }
        Watermarks watermarks = feed.observed(request.partitionId(), page.watermarks());
        List<RecordBatch> batches = budget.take(request, page).batches();
        if (!batches.isEmpty()) {
            readUpTo(request.partitionId(), batches.getLast().endOffset(), watermarks.highWatermark());
        }
        return new ReadOutcome.Batches(ExactBuffer.ofFew(batches, page.sizeInBytes()), watermarks);
    }
}
