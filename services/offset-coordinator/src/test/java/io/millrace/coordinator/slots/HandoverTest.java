package io.millrace.coordinator.slots;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HandoverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Handover handover = new Handover(tasks::add);

    @Test
    void whatEndsTogetherIsHandedOverInOneTaskAndInOrder() {
        List<Integer> heard = new ArrayList<>();
        List<CompletableFuture<Integer>> changes = IntStream.range(0, 5)
                .mapToObj(_ -> new CompletableFuture<Integer>())
                .toList();
        for (CompletableFuture<Integer> change : changes) {
            CompletableFuture<Void> _ = handover.handedOver(change).thenAccept(heard::add);
        }

        IntStream.range(0, 5).forEach(i -> changes.get(i).complete(i));
        assertThat(heard).isEmpty();
        assertThat(tasks).hasSize(1);
        tasks.removeFirst().run();

        assertThat(heard).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void aFailureIsHandedOverAsItWas() {
        IOException cause = new IOException("disk failed");

        CompletableFuture<Void> there = handover.handedOver(CompletableFuture.failedFuture(cause));
        tasks.removeFirst().run();

        assertThat(there)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(Exception.class)
                .withCause(cause);
    }

    @Test
    void anExecutorThatIsStoppedKeepsNobodyWaiting() {
        Handover stopped = new Handover(_ -> {
            throw new RejectedExecutionException("stopped");
        });

        assertThat(stopped.handedOver(CompletableFuture.completedFuture(1))).isCompletedWithValue(1);
        assertThat(stopped.handedOver(CompletableFuture.completedFuture(2))).isCompletedWithValue(2);
    }

    @Test
    void nothingIsForgottenWhenSomeEndWhileOthersAreHandedOver() throws Exception {
        try (ExecutorService there = Executors.newFixedThreadPool(2);
                ExecutorService here = Executors.newFixedThreadPool(2)) {
            Handover shared = new Handover(there);
            List<CompletableFuture<Void>> done = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                done.add(shared.handedOver(CompletableFuture.runAsync(() -> {}, here)));
            }

            assertThat(CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(PATIENCE);
        }
    }
}
