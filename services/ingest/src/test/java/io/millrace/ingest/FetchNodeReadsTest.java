package io.millrace.ingest;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.http.ReadService;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FetchNodeReadsTest {

    private static final TopicId TOPIC = new TopicId(1, 2);
    private static final List<ReadRequest> FOUR = requests(0, 1, 2, 3);

    private static final Duration LONG = Duration.ofMinutes(5);

    private final List<Source> nodes = List.of(new Source(), new Source());
    private final Source store = new Source();
    private final FetchNodeReads reads = reads(LONG);

    @Test
    void aPartitionIsReadFromItsNodeWhicheverIsNamedFirst() {
        List<ReadRequest> rotated = requests(1, 2, 3, 0);

        outcomes(FOUR, 1_000);
        outcomes(rotated, 1_000);

        assertThat(nodes)
                .allSatisfy(node ->
                        assertThat(node.asked.getLast()).containsExactlyInAnyOrderElementsOf(node.asked.getFirst()));
        assertThat(nodes).extracting(node -> node.asked.getFirst().size()).containsExactly(2, 2);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void outcomesComeInTheOrderOfTheRequests() {
        List<ReadOutcome> outcomes = outcomes(requests(3, 0, 2, 1), 1_000);

        assertThat(outcomes).extracting(FetchNodeReadsTest::end).containsExactly(3L, 0L, 2L, 1L);
    }

    @Test
    void allNodesAreAskedAtOnce() {
        nodes.forEach(node -> node.isHolding = true);

        CompletableFuture<List<ReadOutcome>> answer = reads.read(FOUR, 1_000).subscribeAsCompletionStage();

        assertThat(nodes).extracting(node -> node.asked.size()).containsExactly(1, 1);
        assertThat(answer).isNotDone();
    }

    @Test
    void theStoreIsAskedOnceForWhatNodesDidNotSay() {
        nodes.forEach(node -> node.outcome = request ->
                request.partitionId().partition() < 2 ? new ReadOutcome.Unknown("silence") : nothing(request));

        List<ReadOutcome> outcomes = outcomes(FOUR, 1_000);

        assertThat(store.asked).containsExactly(FOUR.subList(0, 2));
        assertThat(outcomes).extracting(FetchNodeReadsTest::end).containsExactly(0L, 1L, 2L, 3L);
    }

    /// A node reads once for many; without it each of them would ask a store that has too much to do already.
    @Test
    void whatTheStoreRefusedIsNotAskedOfItAgain() {
        ReadOutcome overloaded = new ReadOutcome.Refused(Refusal.OVERLOADED, "busy");
        nodes.forEach(node -> node.outcome = _ -> overloaded);

        List<ReadOutcome> outcomes = outcomes(FOUR, 1_000);

        assertThat(outcomes).containsOnly(overloaded);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void theNodesShareTheBytes() {
        List<ReadRequest> three = requests(0, 1, 3);

        outcomes(three, 900);

        assertThat(nodes).extracting(node -> node.bytesMax).containsExactlyInAnyOrder(300L, 600L);
    }

    @Test
    void firstBatchesOfSeveralNodesAreNoMoreThanWasWanted() {
        RecordBatch large = batch().withValueBytes(700).build().placedAt(0, 1);
        nodes.forEach(node -> node.outcome = request -> page(request, large));

        List<ReadOutcome> outcomes = outcomes(requests(0, 1), 1_000);

        assertThat(outcomes)
                .containsExactly(page(FOUR.get(0), large), new ReadOutcome.Batches(List.of(), watermarks(FOUR.get(1))));
    }

    @Test
    void aFirstBatchComesWholeWhateverItsSize() {
        RecordBatch large = batch().withValueBytes(700).build().placedAt(0, 1);
        nodes.forEach(node -> node.outcome = request -> page(request, large));

        List<ReadOutcome> outcomes = outcomes(requests(0), 10);

        assertThat(outcomes).containsExactly(page(FOUR.getFirst(), large));
    }

    @Test
    void withoutFetchNodesTheStoreIsAsked() {
        FetchNodeReads alone =
                new FetchNodeReads(new FetchNodeReads.Sources(List::of, _ -> nodes.getFirst(), store), LONG);

        alone.read(FOUR, 1_000).await().indefinitely();

        assertThat(store.asked).containsExactly(FOUR);
    }

    private FetchNodeReads reads(Duration nodeWait) {
        return new FetchNodeReads(
                new FetchNodeReads.Sources(() -> List.of(node(0), node(1)), node -> nodes.get(node.ordinal()), store),
                nodeWait);
    }

    @Test
    void theStoreIsAskedForThePartOfANodeThatHangs() {
        nodes.getFirst().isHolding = true;

        List<ReadOutcome> outcomes =
                reads(Duration.ofMillis(20)).read(FOUR, 1_000).await().atMost(LONG);

        assertThat(outcomes).extracting(FetchNodeReadsTest::end).containsExactly(0L, 1L, 2L, 3L);
        assertThat(store.asked).containsExactly(nodes.getFirst().asked.getFirst());
    }

    private List<ReadOutcome> outcomes(List<ReadRequest> requests, long bytesMax) {
        return reads.read(requests, bytesMax).await().indefinitely();
    }

    private static List<ReadRequest> requests(int... partitions) {
        return IntStream.of(partitions)
                .mapToObj(partition -> new ReadRequest(new PartitionId(TOPIC, partition), 0, 1_000))
                .toList();
    }

    private static Instance node(int ordinal) {
        return new Instance(ServiceKind.FETCH, ordinal, "a", "localhost", 1, Optional.empty(), "1");
    }

    /// Where a partition ends tells which one it is.
    private static Watermarks watermarks(ReadRequest request) {
        int partition = request.partitionId().partition();
        return new Watermarks(0, partition, partition, 1);
    }

    private static ReadOutcome nothing(ReadRequest request) {
        return new ReadOutcome.Batches(List.of(), watermarks(request));
    }

    private static ReadOutcome page(ReadRequest request, RecordBatch batch) {
        return new ReadOutcome.Batches(List.of(batch), watermarks(request));
    }

    private static long end(ReadOutcome outcome) {
        return ((ReadOutcome.Batches) outcome).watermarks().highWatermark();
    }

    /// Answers at once, or never.
    private static final class Source implements ReadService {

        private final List<List<ReadRequest>> asked = new ArrayList<>();
        private Function<ReadRequest, ReadOutcome> outcome = FetchNodeReadsTest::nothing;
        private boolean isHolding;
        private long bytesMax;

        @Override
        public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
            asked.add(requests);
            bytesMax = totalBytesMax;
            return isHolding
                    ? Uni.createFrom().nothing()
                    : Uni.createFrom().item(requests.stream().map(outcome).toList());
        }
    }
}
