package io.millrace.ingest;

import io.millrace.api.Instance;
import io.millrace.api.http.ReadService;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads records from a live fetch node, which may have them in memory, and from wal-store if there is none or it is
/// silent.
///
/// Threads: any. Errors: none that wal-store would not have; reading twice harms nobody.
final class FetchNodeReads implements ReadService {

    private final Supplier<List<Instance>> fetchNodes;
    private final Function<Instance, ReadService> nodes;
    private final ReadService store;

    /// @param fetchNodes the live ones
    /// @param nodes reads from one of them
    FetchNodeReads(Supplier<List<Instance>> fetchNodes, Function<Instance, ReadService> nodes, ReadService store) {
        this.fetchNodes = fetchNodes;
        this.nodes = nodes;
        this.store = store;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        List<Instance> live = fetchNodes.get();
        if (live.isEmpty() || requests.isEmpty()) {
            return store.read(requests, totalBytesMax);
        }
        // Readers of the same partition go to the same node, whose memory then serves all of them.
        Instance node = live.get(Math.floorMod(requests.getFirst().partitionId().hashCode(), live.size()));
        return nodes.apply(node)
                .read(requests, totalBytesMax)
                .chain(outcomes -> isSilent(outcomes)
                        ? store.read(requests, totalBytesMax)
                        : Uni.createFrom().item(outcomes));
    }

    private static boolean isSilent(List<ReadOutcome> outcomes) {
        return outcomes.stream().anyMatch(ReadOutcome.Unknown.class::isInstance);
    }
}
