package io.millrace.partition;

import io.millrace.model.PersistentMap;
import io.millrace.model.RecordBatch;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The idempotent producers of one partition.
///
/// A state that is older than the expiry counts as absent, so it makes no difference when it is removed.
///
/// Threads: the commit thread. Units: milliseconds of the rounds' time.
final class ProducerStates {

    private final long expiryMillis;
    private PersistentMap<Long, ProducerState> states = PersistentMap.empty();

    ProducerStates(long expiryMillis) {
        this.expiryMillis = expiryMillis;
    }

    @Nullable
    ProducerState find(long producerId, long nowMillis) {
        ProducerState state = states.get(producerId);
        return state == null || isExpired(state, nowMillis) ? null : state;
    }

    private boolean isExpired(ProducerState state, long nowMillis) {
        return nowMillis - state.lastRoundMillis() >= expiryMillis;
    }

    void apply(RecordBatch batch, long roundMillis) {
        ProducerState known = find(batch.producerId(), roundMillis);
        states = states.with(
                batch.producerId(),
                known == null
                        ? ProducerState.startingWith(batch, batch.baseOffset(), roundMillis)
                        : known.with(batch, batch.baseOffset(), roundMillis));
    }

    void removeIfExpired(long producerId, long nowMillis) {
        if (find(producerId, nowMillis) == null) {
            states = states.without(producerId);
        }
    }

    /// The base offsets of the last batches of those that are not expired.
    Set<Long> lastBaseOffsets(long nowMillis) {
        Set<Long> offsets = new HashSet<>();
        for (ProducerState state : states.values()) {
            if (!isExpired(state, nowMillis)) {
                offsets.add(state.lastBaseOffset());
            }
        }
        return offsets;
    }

    /// As they are now, with what is expired and not removed yet.
    PersistentMap<Long, ProducerState> states() {
        return states;
    }

    void restore(PersistentMap<Long, ProducerState> restored) {
        states = restored;
    }
}
