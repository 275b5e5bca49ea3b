package io.millrace.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

final class LatestValueTest {

    private static final int PATIENCE_SECONDS = 5;

    private final LatestValue<Integer> number = new LatestValue<>(0);
    private final List<Integer> told = new CopyOnWriteArrayList<>();

    /// Guards the order of numbers.
    private final ReentrantLock lock = new ReentrantLock();

    @Test
    void aFollowerIsToldThePresentValueAndThenTheNewOnesInOrder() {
        number.changes().subscribe().with(told::add);

        put(1);
        put(2);

        assertThat(told).containsExactly(0, 1, 2);
    }

    @Test
    void whoFollowsBetweenAValueAndItsPublicationIsToldItOnce() {
        number.set(1);
        number.changes().subscribe().with(told::add);

        number.publish();

        assertThat(told).containsExactly(1);
    }

    @Test
    void whoSetsAValueWhileAFollowerIsBusyDoesNotWaitForIt() {
        CompletableFuture<Void> isBusy = new CompletableFuture<>();
        CompletableFuture<Void> isDone = new CompletableFuture<>();
        CompletableFuture<Void> follower = CompletableFuture.runAsync(() -> number.changes()
                .onItem()
                .invoke(_ -> {
                    isBusy.complete(null);
                    isDone.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
                })
                .subscribe()
                .with(told::add));
        isBusy.join();

        put(1);
        put(2);
        isDone.complete(null);
        follower.join();

        assertThat(told).containsExactly(0, 2);
    }

    @Test
    void aFollowerMaySetTheNextValue() {
        number.changes().subscribe().with(value -> {
            told.add(value);
            if (value < 3) {
                put(value + 1);
            }
        });

        assertThat(told).containsExactly(0, 1, 2, 3);
    }

    @Test
    void ofManyThatSetAndPublishTheLastValueIsTold() {
        number.changes().subscribe().with(told::add);
        List<CompletableFuture<Void>> threads = List.of(countingUp(), countingUp(), countingUp());

        threads.forEach(CompletableFuture::join);

        assertThat(told.getLast()).isEqualTo(number.value());
        assertThat(told).isSorted();
    }

    /// Values only grow where their order is the one in which they were set.
    private CompletableFuture<Void> countingUp() {
        return CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= 1_000; i++) {
                increment();
                number.publish();
            }
        });
    }

    private void increment() {
        lock.lock();
        try {
            number.set(number.value() + 1);
        } finally {
            lock.unlock();
        }
    }

    private void put(int value) {
        number.set(value);
        number.publish();
    }
}
