package io.millrace.api.http;

import static io.millrace.api.http.LoopbackStore.PATIENCE;
import static io.millrace.api.http.LoopbackStore.eventually;
import static io.millrace.api.http.TestBatches.PARTITION;
import static io.millrace.api.http.TestBatches.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.TraceId;
import io.millrace.model.AppendOutcome;
import io.millrace.model.Catalog;
import io.millrace.model.Refusal;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AppendStreamTest {

    private static final int MANY = 100_000;

    @Test
    void pipelinedAppendsArriveInTheOrderOfTheCallsAndEachGetsItsOwnOutcome() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient client = loopback.appendingClient();
            List<Uni<AppendOutcome>> answers = new ArrayList<>();

            for (int i = 0; i < MANY; i++) {
                while (!client.isWritable()) {
                    client.writable().await().atMost(PATIENCE);
                }
                answers.add(client.append(PARTITION, numbered(i, 100 + i % 300)));
            }

            assertThat(outcomes(answers))
                    .isEqualTo(IntStream.range(0, MANY)
                            .<AppendOutcome>mapToObj(i -> new AppendOutcome.Appended(i, 0, -1))
                            .toList());
            assertThat(loopback.store.appendedNumbers)
                    .containsExactlyElementsOf(IntStream.range(0, MANY).boxed().toList());
        }
    }

    @Test
    void batchesOfAllSizesCrossWhole() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient client = loopback.appendingClient();
            TraceId trace = new TraceId(1, 2);

            List<AppendOutcome> outcomes = outcomes(List.of(
                    client.append(PARTITION, numbered(1, 61)),
                    client.append(PARTITION, numbered(2, 8 << 20), Optional.of(trace)),
                    client.append(PARTITION, numbered(3, 70_000))));

            assertThat(outcomes).allMatch(outcome -> outcome instanceof AppendOutcome.Appended);
            assertThat(loopback.store.appendedNumbers).containsExactly(1, 2, 3);
            assertThat(loopback.store.traceIds).containsExactly(Optional.empty(), Optional.of(trace), Optional.empty());
        }
    }

    @Test
    void aBrokenStreamLeavesUnansweredAppendsUnknownAndSendsNoneAgain() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient client = loopback.appendingClient();
            loopback.store.isHolding = true;
            List<Uni<AppendOutcome>> answers = new ArrayList<>();
            IntStream.range(0, 50).forEach(i -> answers.add(client.append(PARTITION, numbered(i, 200))));
            eventually(() -> loopback.store.held.size() == 50);

            loopback.stopServer();
            List<AppendOutcome> outcomes = outcomes(answers);
            loopback.store.isHolding = false;
            loopback.startServerAgain();
            AppendOutcome later =
                    client.append(PARTITION, numbered(99, 200)).await().atMost(PATIENCE);

            assertThat(outcomes).allMatch(outcome -> outcome instanceof AppendOutcome.Unknown);
            assertThat(later).isEqualTo(new AppendOutcome.Appended(99, 0, -1));
            assertThat(loopback.store.appendedNumbers).hasSize(51).endsWith(49, 99);
            assertThat(loopback.store.closedSessions).containsExactly("ingest-0");
            assertThat(client.appendStream().bytesInFlight()).isZero();
        }
    }

    @Test
    void anAppendWithoutAnswerIsUnknownAtItsDeadlineAndTheStreamGoesOn() {
        AppendOptions append = new AppendOptions(1 << 20, 1 << 20, 1 << 20, Duration.ofMillis(300));
        try (LoopbackStore loopback = new LoopbackStore(LoopbackStore.quickWith(append))) {
            StoreClient client = loopback.appendingClient();
            loopback.store.isHolding = true;

            AppendOutcome first =
                    client.append(PARTITION, numbered(1, 200)).await().atMost(PATIENCE);
            loopback.store.release();
            AppendOutcome second =
                    client.append(PARTITION, numbered(2, 200)).await().atMost(PATIENCE);

            assertThat(first).isInstanceOf(AppendOutcome.Unknown.class);
            assertThat(second).isEqualTo(new AppendOutcome.Appended(2, 0, -1));
            assertThat(client.appendStream().connects()).isEqualTo(1);
        }
    }

    @Test
    void anAppendThatCouldNotBeSentByItsDeadlineIsUnknown() {
        AppendOptions append = new AppendOptions(1 << 20, 1 << 20, 1 << 20, Duration.ofMillis(300));
        try (LoopbackStore loopback = new LoopbackStore(LoopbackStore.quickWith(append))) {
            loopback.stopServer();
            StoreClient client = loopback.storeClient();
            client.openAppendStream();

            AppendOutcome outcome =
                    client.append(PARTITION, numbered(1, 200)).await().atMost(PATIENCE);

            assertThat(outcome).isInstanceOf(AppendOutcome.Unknown.class);
        }
    }

    @Test
    void whatWaitsBehindAnAppendThatExpiredIsUnknownWithIt() {
        AppendOptions append = new AppendOptions(1 << 20, 1 << 20, 1 << 20, Duration.ofSeconds(2));
        try (LoopbackStore loopback = new LoopbackStore(LoopbackStore.quickWith(append))) {
            loopback.stopServer();
            StoreClient client = loopback.storeClient();
            client.openAppendStream();
            CompletableFuture<AppendOutcome> first =
                    client.append(PARTITION, numbered(1, 200)).subscribeAsCompletionStage();
            eventually(() -> client.appendStream().bytesInFlight() > 0);
            CompletableFuture<AppendOutcome> second = new CompletableFuture<>();
            loopback.vertx.setTimer(
                    1_000,
                    _ -> client.append(PARTITION, numbered(2, 200))
                            .subscribe()
                            .with(second::complete, second::completeExceptionally));

            first.join();
            loopback.startServerAgain();
            AppendOutcome retried =
                    client.append(PARTITION, numbered(1, 200)).await().atMost(PATIENCE);

            assertThat(second.join()).isInstanceOf(AppendOutcome.Unknown.class);
            assertThat(retried).isInstanceOf(AppendOutcome.Appended.class);
            assertThat(loopback.store.appendedNumbers).containsExactly(1);
        }
    }

    @Test
    void aStoreThatDoesNotAnswerFillsNeitherItselfNorTheClient() {
        AppendOptions append = new AppendOptions(1 << 20, 8 << 20, 1 << 20, Duration.ofSeconds(30));
        try (LoopbackStore loopback = new LoopbackStore(LoopbackStore.quickWith(append))) {
            StoreClient client = loopback.appendingClient();
            loopback.store.isHolding = true;
            List<Uni<AppendOutcome>> answers = new ArrayList<>();
            // The socket may be full for a while before the store is.
            eventually(() -> {
                while (client.isWritable()) {
                    answers.add(client.append(PARTITION, numbered(answers.size(), 10_000)));
                }
                return loopback.store.heldBytes.get() >= 1 << 20;
            });
            Uni<Void> writable = client.writable();

            // Whoever does not heed it is refused in the end.
            List<AppendOutcome> refused = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                client.append(PARTITION, numbered(100_000 + i, 10_000))
                        .subscribe()
                        .with(outcome -> {
                            if (outcome instanceof AppendOutcome.Refused) {
                                refused.add(outcome);
                            }
                        });
            }
            long heldBytes = loopback.store.heldBytes.get();
            loopback.store.release();
            writable.await().atMost(PATIENCE);

            assertThat(heldBytes).isLessThan((1 << 20) + 2 * (64 << 10) + 10_000);
            assertThat(refused)
                    .isNotEmpty()
                    .allMatch(outcome -> outcome instanceof AppendOutcome.Refused(Refusal refusal, String _)
                            && refusal == Refusal.OVERLOADED);
            assertThat(outcomes(answers)).allMatch(outcome -> outcome instanceof AppendOutcome.Appended);
        }
    }

    @Test
    void aTooLargeBatchIsRefusedBeforeItIsSent() {
        AppendOptions append = new AppendOptions(1_000, 1 << 20, 1 << 20, Duration.ofSeconds(5));
        try (LoopbackStore loopback = new LoopbackStore(LoopbackStore.quickWith(append))) {
            StoreClient client = loopback.appendingClient();

            AppendOutcome outcome =
                    client.append(PARTITION, numbered(1, 1_001)).await().atMost(PATIENCE);

            assertThat(outcome).isInstanceOf(AppendOutcome.Refused.class);
            assertThat(loopback.store.appendedNumbers).isEmpty();
        }
    }

    @Test
    void aNewStreamOfTheSameInstanceEndsTheOlderOne() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient older = loopback.appendingClient();
            loopback.store.isHolding = true;
            Uni<AppendOutcome> undecided = older.append(PARTITION, numbered(1, 100));
            eventually(() -> loopback.store.held.size() == 1);
            older.close().await().atMost(PATIENCE);

            StoreClient newer = loopback.appendingClient();

            assertThat(undecided.await().atMost(PATIENCE)).isInstanceOf(AppendOutcome.Unknown.class);
            eventually(() -> loopback.store.closedSessions.size() == 1);
            assertThat(newer.appendStream().isConnected()).isTrue();
        }
    }

    @Test
    void aStoreOfAnotherClusterIsNotWrittenTo() {
        try (LoopbackStore loopback = new LoopbackStore()) {
            StoreClient client = loopback.appendingClient();
            loopback.stopServer();
            loopback.store.catalog = Catalog.of("cluster-b", 9, 1, List.of());
            loopback.startServerAgain();

            eventually(() -> !client.appendStream().isConnected());

            assertThat(loopback.store.sessions).hasSize(1);
        }
    }

    private static List<AppendOutcome> outcomes(List<Uni<AppendOutcome>> answers) {
        return Uni.join().all(answers).andFailFast().await().atMost(Duration.ofSeconds(60));
    }
}
