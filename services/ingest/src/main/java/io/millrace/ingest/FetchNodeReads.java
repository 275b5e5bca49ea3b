package io.millrace.ingest;

import io.millrace.api.Instance;
import io.millrace.api.http.ReadService;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Reads the records of each partition from its live fetch node, which may have them in memory, and from
/// wal-store if there is none or it is silent.
///
/// Readers of the same partition go to the same node, whatever else they read, so that its memory serves all
/// of them; it is also the one to which consumers are sent.
///
/// Threads: any. Units: bytes. Errors: none that wal-store would not have; reading twice harms nobody. What
/// wal-store refused because it has too much to do is not asked of it once more.
final class FetchNodeReads implements ReadService {

    private final Supplier<List<Instance>> fetchNodes;
    private final Function<Instance, ReadService> nodes;
    private final ReadService store;
    private final Duration nodeWait;

    /// Who is asked.
    ///
    /// @param fetchNodes the live ones
    /// @param nodes reads from one of them
    record Sources(Supplier<List<Instance>> fetchNodes, Function<Instance, ReadService> nodes, ReadService store) {}

    /// @param nodeWait how long a node has before its part is asked of wal-store: it may hang, and others wait for it
    FetchNodeReads(Sources sources, Duration nodeWait) {
        this.fetchNodes = sources.fetchNodes();
        this.nodes = sources.nodes();
        this.store = sources.store();
        this.nodeWait = nodeWait;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        List<Instance> live = fetchNodes.get();
        if (live.isEmpty() || requests.isEmpty()) {
            return store.read(requests, totalBytesMax);
        }
        List<List<ReadRequest>> ofNodes = new ArrayList<>();
        live.forEach(_ -> ofNodes.add(new ArrayList<>()));
        requests.forEach(
                request -> ofNodes.get(node(request.partitionId(), live.size())).add(request));
        List<Uni<List<ReadOutcome>>> answers = new ArrayList<>();
        for (int i = 0; i < live.size(); i++) {
            List<ReadRequest> ofNode = ofNodes.get(i);
            // Each partition has an equal share, since nobody knows yet which of them have records.
            answers.add(ask(live.get(i), ofNode, totalBytesMax * ofNode.size() / requests.size()));
        }
        return Uni.join()
                .all(answers)
                .andFailFast()
                .map(all -> inOrder(requests, all))
                .flatMap(outcomes -> completed(requests, outcomes, totalBytesMax));
    }

    private static int node(PartitionId id, int nodeCount) {
        return Math.floorMod(id.hashCode(), nodeCount);
    }

    private Uni<List<ReadOutcome>> ask(Instance node, List<ReadRequest> requests, long bytesMax) {
        if (requests.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        ReadOutcome silence = new ReadOutcome.Unknown("fetch node " + node.ordinal() + " did not answer in time");
        return nodes.apply(node)
                .read(requests, bytesMax)
                .ifNoItem()
                .after(nodeWait)
                .recoverWithItem(() -> Collections.nCopies(requests.size(), silence));
    }

    /// @param answers of each node, in the order in which it was asked
    private static List<ReadOutcome> inOrder(List<ReadRequest> requests, List<List<ReadOutcome>> answers) {
        List<Iterator<ReadOutcome>> next = answers.stream().map(List::iterator).toList();
        return requests.stream()
                .map(request ->
                        next.get(node(request.partitionId(), next.size())).next())
                .toList();
    }

    /// One question to wal-store for all that nodes did not say, however many nodes there are.
    private Uni<List<ReadOutcome>> completed(
            List<ReadRequest> requests, List<ReadOutcome> outcomes, long totalBytesMax) {
        List<ReadRequest> unknown = new ArrayList<>();
        long left = totalBytesMax;
        for (int i = 0; i < requests.size(); i++) {
            switch (outcomes.get(i)) {
                case ReadOutcome.Unknown _ -> unknown.add(requests.get(i));
                case ReadOutcome.Batches page -> left -= page.sizeInBytes();
                case ReadOutcome.OutOfRange _, ReadOutcome.Refused _ -> {}
            }
        }
        return unknown.isEmpty()
                ? Uni.createFrom().item(within(outcomes, totalBytesMax))
                : store.read(unknown, Math.max(0, left))
                        .map(answers -> within(filled(outcomes, answers), totalBytesMax));
    }

    private static List<ReadOutcome> filled(List<ReadOutcome> outcomes, List<ReadOutcome> answers) {
        Iterator<ReadOutcome> next = answers.iterator();
        return outcomes.stream()
                .map(outcome -> outcome instanceof ReadOutcome.Unknown ? next.next() : outcome)
                .toList();
    }

    /// Each source kept to its share but for its first batch, which came whole; of all only the first does.
    private static List<ReadOutcome> within(List<ReadOutcome> outcomes, long totalBytesMax) {
        List<ReadOutcome> within = new ArrayList<>();
        long left = totalBytesMax;
        boolean isFirst = true;
        for (ReadOutcome outcome : outcomes) {
            if (!(outcome instanceof ReadOutcome.Batches page)) {
                within.add(outcome);
                continue;
            }
            int count = 0;
            for (RecordBatch batch : page.batches()) {
                if (!isFirst && batch.sizeInBytes() > left) {
                    break;
                }
                left -= batch.sizeInBytes();
                isFirst = false;
                count++;
            }
            within.add(new ReadOutcome.Batches(page.batches().subList(0, count), page.watermarks()));
        }
        return within;
    }
}
