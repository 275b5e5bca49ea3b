package io.millrace.api.http;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Appends that were sent and not answered, by correlation id; the ids are consecutive, so a ring is enough.
///
/// Threads: one at a time.
final class PendingAppends {

    private static final int FIRST_CAPACITY = 1_024;

    private @Nullable PendingAppend[] ring = new @Nullable PendingAppend[FIRST_CAPACITY];
    private long first;
    private long next;
    private int size;

    int size() {
        return size;
    }

    /// Gives the append its id.
    ///
    /// @return the correlation id
    long add(PendingAppend append) {
        if (next - first == ring.length) {
            grow();
        }
        ring[index(next)] = append;
        size++;
        return next++;
    }

    /// Takes the append out.
    ///
    /// @return null if this id was answered before, or never sent
    @Nullable
    PendingAppend remove(long correlationId) {
        if (correlationId < first || correlationId >= next) {
            return null;
        }
        PendingAppend append = ring[index(correlationId)];
        if (append != null) {
            ring[index(correlationId)] = null;
            size--;
            skipAnswered();
        }
        return append;
    }

    /// Takes out the ones whose time is over; they stand in front, since all wait equally long.
    void removeExpired(long tick, Consumer<PendingAppend> expired) {
        while (first < next) {
            PendingAppend oldest = ring[index(first)];
            if (oldest != null) {
                if (oldest.expiryTick() > tick) {
                    return;
                }
                ring[index(first)] = null;
                size--;
                expired.accept(oldest);
            }
            first++;
        }
    }

    void removeAll(Consumer<PendingAppend> removed) {
        removeExpired(Long.MAX_VALUE, removed);
    }

    private void skipAnswered() {
        while (first < next && ring[index(first)] == null) {
            first++;
        }
    }

    private void grow() {
        @Nullable PendingAppend[] larger = Arrays.copyOf(ring, ring.length * 2);
        Arrays.fill(larger, null);
        for (long id = first; id < next; id++) {
            larger[(int) (id & (larger.length - 1))] = ring[index(id)];
        }
        ring = larger;
    }

    private int index(long correlationId) {
        return (int) (correlationId & (ring.length - 1));
    }
}
