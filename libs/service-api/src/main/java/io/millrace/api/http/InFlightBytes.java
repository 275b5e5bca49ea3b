package io.millrace.api.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Counts the bytes of appends that were not answered, and tells when there is room again.
///
/// Threads: all methods from any thread.
final class InFlightBytes {

    private static final CompletableFuture<Void> OPEN = CompletableFuture.completedFuture(null);

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /// What those wait for who found it full; open while there is room.
    private final AtomicReference<CompletableFuture<Void>> gate = new AtomicReference<>(OPEN);

    InFlightBytes(long limit) {
        this.limit = limit;
    }

    long used() {
        return used.get();
    }

    boolean hasRoom() {
        return used.get() < limit;
    }

    /// Counts these bytes in.
    ///
    /// @return false, and nothing taken, if twice the limit is in flight: somebody does not heed [#hasRoom]
    boolean take(int bytes) {
        if (used.getAndAdd(bytes) >= 2 * limit) {
            give(bytes);
            return false;
        }
        return true;
    }

    void give(int bytes) {
        long before = used.getAndAdd(-bytes);
        if (before >= limit && before - bytes < limit) {
            gate.getAndSet(OPEN).complete(null);
        }
    }

    CompletableFuture<Void> room() {
        if (hasRoom()) {
            return OPEN;
        }
        CompletableFuture<Void> closed = new CompletableFuture<>();
        CompletableFuture<Void> waiting = gate.compareAndSet(OPEN, closed) ? closed : gate.get();
        // The last giver may have passed between the look and the set, and nobody else would open the gate.
        if (hasRoom()) {
            gate.compareAndSet(waiting, OPEN);
            waiting.complete(null);
        }
        return waiting;
    }
}
