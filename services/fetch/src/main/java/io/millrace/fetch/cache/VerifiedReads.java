package io.millrace.fetch.cache;

import io.millrace.api.http.ReadService;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/// Reads for those who will not be woken when more comes: "nothing is there" is asked of the owner before it is said.
///
/// Threads: all methods from any thread.
public final class VerifiedReads implements ReadService {

    private final ReadService cached;
    private final OwnerReads owner;

    public VerifiedReads(ReadService cached, OwnerReads owner) {
        this.cached = cached;
        this.owner = owner;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        return cached.read(requests, totalBytesMax).flatMap(outcomes -> verified(requests, outcomes, totalBytesMax));
    }

    /// One page with records is answer enough: whoever asked comes again for the others.
    private Uni<List<ReadOutcome>> verified(
            List<ReadRequest> requests, List<ReadOutcome> outcomes, long totalBytesMax) {
        List<Integer> empty = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof ReadOutcome.Batches page) {
                if (!page.batches().isEmpty()) {
                    return Uni.createFrom().item(outcomes);
                }
                empty.add(i);
            }
        }
        if (empty.isEmpty()) {
            return Uni.createFrom().item(outcomes);
        }
        return owner.read(empty.stream().map(requests::get).toList(), totalBytesMax)
                .map(answers -> {
                    List<ReadOutcome> verified = new ArrayList<>(outcomes);
                    for (int i = 0; i < answers.size(); i++) {
                        verified.set(empty.get(i), answers.get(i));
                    }
                    return verified;
                });
    }
}
