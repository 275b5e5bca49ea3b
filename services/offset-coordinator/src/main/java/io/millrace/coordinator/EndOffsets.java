package io.millrace.coordinator;

import io.millrace.api.http.StoreClient;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// The high watermarks of partitions, as wal-store told them a short while ago: good enough for a lag, and many who
/// look at lags cost wal-store no more than one.
///
/// Threads: any; never blocks. Errors: a partition whose end wal-store does not tell is left out.
final class EndOffsets {

    /// Of one call to wal-store.
    private static final int QUERIES_MAX = 1_000;

    /// What is remembered.
    ///
    /// @param countMax of partitions; beyond it, ends are asked for and not remembered
    record Bounds(Duration ageMax, int countMax) {}

    private final StoreClient store;
    private final LongSupplier nanoClock;
    private final Bounds bounds;
    private final Map<PartitionId, Known> known = new ConcurrentHashMap<>();

    EndOffsets(StoreClient store, LongSupplier nanoClock, Bounds bounds) {
        this.store = store;
        this.nanoClock = nanoClock;
        this.bounds = bounds;
    }

    private record Known(long endOffset, long atNanos) {}

    Uni<Map<PartitionId, Long>> of(Collection<PartitionId> partitions) {
        long nowNanos = nanoClock.getAsLong();
        known.values()
                .removeIf(each -> nowNanos - each.atNanos() > bounds.ageMax().toNanos());
        Map<PartitionId, Long> ends = new HashMap<>();
        List<PartitionId> missing = new ArrayList<>();
        for (PartitionId partition : partitions) {
            Known end = known.get(partition);
            if (end == null) {
                missing.add(partition);
            } else {
                ends.put(partition, end.endOffset());
            }
        }
        if (missing.isEmpty()) {
            return Uni.createFrom().item(Map.copyOf(ends));
        }
        List<Uni<Map<PartitionId, Long>>> calls = new ArrayList<>();
        for (int from = 0; from < missing.size(); from += QUERIES_MAX) {
            calls.add(asked(missing.subList(from, Math.min(from + QUERIES_MAX, missing.size()))));
        }
        return Uni.join().all(calls).usingConcurrencyOf(1).andCollectFailures().map(answers -> {
            answers.forEach(ends::putAll);
            return Map.copyOf(ends);
        });
    }

    private Uni<Map<PartitionId, Long>> asked(List<PartitionId> partitions) {
        List<OffsetQuery> queries = partitions.stream()
                .<OffsetQuery>map(partition -> new OffsetQuery.Latest(partition, IsolationLevel.READ_UNCOMMITTED))
                .toList();
        return store.offsets(queries).map(outcomes -> {
            long nowNanos = nanoClock.getAsLong();
            Map<PartitionId, Long> ends = new HashMap<>();
            for (int i = 0; i < partitions.size(); i++) {
                if (outcomes.get(i) instanceof OffsetOutcome.Found found) {
                    ends.put(partitions.get(i), found.offset());
                    if (known.size() < bounds.countMax()) {
                        known.put(partitions.get(i), new Known(found.offset(), nowNanos));
                    }
                }
            }
            return ends;
        });
    }
}
