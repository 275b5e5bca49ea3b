package io.millrace.fetch.cache;

import io.millrace.api.feed.TailFeed;
import io.millrace.api.http.ReadService;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Answers reads from the cache, as far as the tail feed knows the partition's watermarks, and asks the owner for the
/// rest.
///
/// Out of range is said only where the feed proves it: the log start never goes back, and what lies behind the known
/// end may just not have been told yet. "Nothing is there" is as true as the feed is fresh; the caller is woken by the
/// same feed.
///
/// Threads: all methods from any thread. Units: bytes.
public final class CachedReads implements ReadService {

    private final TailFeed feed;
    private final BatchCache cache;
    private final PastReads past;
    private final CacheMeters meters;

    public CachedReads(TailFeed feed, BatchCache cache, PastReads past, CacheMeters meters) {
        this.feed = feed;
        this.cache = cache;
        this.past = past;
        this.meters = meters;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        List<Optional<ReadOutcome>> outcomes = new ArrayList<>(requests.size());
        List<ReadRequest> missing = new ArrayList<>();
        Budget budget = new Budget(totalBytesMax);
        for (ReadRequest request : requests) {
            Optional<ReadOutcome> known = known(request, budget);
            if (known.isEmpty()) {
                missing.add(request);
            }
            outcomes.add(known);
        }
        return missing.isEmpty()
                ? Uni.createFrom().item(merged(outcomes, List.of()))
                : past.read(missing, budget).map(answers -> merged(outcomes, answers));
    }

    /// @param answers for those that are empty, in their order
    private static List<ReadOutcome> merged(List<Optional<ReadOutcome>> outcomes, List<ReadOutcome> answers) {
        Iterator<ReadOutcome> next = answers.iterator();
        return outcomes.stream().map(known -> known.orElseGet(next::next)).toList();
    }

    private Optional<ReadOutcome> known(ReadRequest request, Budget budget) {
        PartitionId id = request.partitionId();
        Optional<Watermarks> told = feed.follow(id);
        if (told.isEmpty() || request.fromOffset() > told.get().highWatermark()) {
            return Optional.empty();
        }
        Watermarks watermarks = told.get();
        if (request.fromOffset() < watermarks.logStartOffset()) {
            return Optional.of(new ReadOutcome.OutOfRange(watermarks));
        }
        if (request.fromOffset() == watermarks.highWatermark()) {
            return Optional.of(new ReadOutcome.Batches(List.of(), watermarks));
        }
        CachedPage page = cache.read(id, request.fromOffset(), watermarks.highWatermark(), budget.limit(request));
        if (page.isEmpty()) {
            return Optional.empty();
        }
        ReadOutcome.Batches taken = budget.take(request, new ReadOutcome.Batches(page.batches(), watermarks));
        if (!taken.batches().isEmpty()) {
            meters.hit(taken.sizeInBytes());
            past.readUpTo(id, page.nextOffset(), watermarks.highWatermark());
        }
        return Optional.of(taken);
    }
}
