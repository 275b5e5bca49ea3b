package io.millrace.kafka.fetch;

import io.millrace.kafka.fetch.FetchPlan.Resolved;
import io.millrace.kafka.fetch.FetchPlan.Wanted;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;

/// Tells a reader that it followed another history, if it says in which epoch its last record was written.
///
/// Threads: any. Source: KIP-595.
final class DivergingEpochs {

    private final Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets;

    DivergingEpochs(Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets) {
        this.offsets = offsets;
    }

    /// For each partition where its history ended, if it did; asks nobody when nobody wants to know.
    Uni<List<Optional<EpochEndOffset>>> find(List<Wanted> partitions) {
        List<Optional<EpochEndOffset>> found = new ArrayList<>();
        List<OffsetQuery> queries = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int place = 0; place < partitions.size(); place++) {
            found.add(Optional.empty());
            Wanted wanted = partitions.get(place);
            if (wanted.partition().lastFetchedEpoch() >= 0 && wanted.resolved() instanceof Resolved.Known known) {
                queries.add(new OffsetQuery.EndOfEpoch(
                        known.id(), wanted.partition().lastFetchedEpoch()));
                places.add(place);
            }
        }
        if (queries.isEmpty()) {
            return Uni.createFrom().item(found);
        }
        return offsets.apply(queries).map(outcomes -> {
            for (int i = 0; i < outcomes.size(); i++) {
                int place = places.get(i);
                found.set(place, diverging(partitions.get(place), outcomes.get(i)));
            }
            return found;
        });
    }

    private static Optional<EpochEndOffset> diverging(Wanted wanted, OffsetOutcome outcome) {
        if (outcome instanceof OffsetOutcome.Found end
                && (end.leaderEpoch() < wanted.partition().lastFetchedEpoch()
                        || end.offset() < wanted.partition().fetchOffset())) {
            return Optional.of(new EpochEndOffset().setEpoch(end.leaderEpoch()).setEndOffset(end.offset()));
        }
        return Optional.empty();
    }
}
