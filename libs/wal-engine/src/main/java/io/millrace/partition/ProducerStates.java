package io.millrace.partition;

import io.millrace.model.ProducerSummary;
import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The idempotent producers of one partition.
///
/// A state that is older than the expiry counts as absent, so it makes no difference when it is removed.
///
/// Threads: the commit thread. Units: milliseconds of the rounds' time.
final class ProducerStates {

    private final long expiryMillis;
    private final Map<Long, ProducerState> states = new HashMap<>();

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
        states.put(
                batch.producerId(),
                known == null
                        ? ProducerState.startingWith(batch, batch.baseOffset(), roundMillis)
                        : known.with(batch, batch.baseOffset(), roundMillis));
    }

    void removeExpired(long nowMillis) {
        states.values().removeIf(state -> isExpired(state, nowMillis));
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

    /// Those that are not expired.
    List<ProducerSummary> summaries(long nowMillis) {
        return states.entrySet().stream()
                .filter(each -> !isExpired(each.getValue(), nowMillis))
                .map(each -> each.getValue().summary(each.getKey()))
                .toList();
    }

    int encodedBytes() {
        int bytes = Integer.BYTES;
        for (ProducerState state : states.values()) {
            bytes += Long.BYTES + state.encodedBytes();
        }
        return bytes;
    }

    void encode(ByteBuffer target) {
        target.putInt(states.size());
        states.forEach((producerId, state) -> {
            target.putLong(producerId);
            state.encode(target);
        });
    }

    void decode(ByteBuffer source) {
        for (int left = source.getInt(); left > 0; left--) {
            states.put(source.getLong(), ProducerState.decode(source));
        }
    }

    /// The live ones, for comparison.
    Map<Long, ProducerState> states() {
        return Map.copyOf(states);
    }
}
