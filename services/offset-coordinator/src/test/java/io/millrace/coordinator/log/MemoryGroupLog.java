package io.millrace.coordinator.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A group log as a replicated one would be, without the replicas: a shard is a list of batches that all owners see,
/// and the list takes a batch from the owner with the highest epoch only.
///
/// Threads: any.
public final class MemoryGroupLog implements GroupLog {

    private static final int BATCH_BYTES_MAX = 64 << 10;

    /// What survives the owners, and can be made slow or bad. Its lock guards them, too.
    public static final class Medium {
        private final ReentrantLock mediumLock = new ReentrantLock();
        private final Map<Integer, List<Batch>> batches = new HashMap<>();
        private final Map<Integer, Integer> epochs = new HashMap<>();
        private final Deque<Runnable> held = new ArrayDeque<>();
        private final Set<Integer> damaged = new HashSet<>();
        private boolean isHolding;
        private boolean isFailing;

        public Medium() {}

        private record Batch(long first, int count, ByteBuffer bytes) {}

        private <T> T locked(Supplier<T> step) {
            mediumLock.lock();
            try {
                return step.get();
            } finally {
                mediumLock.unlock();
            }
        }

        public void hold() {
            locked(() -> isHolding = true);
        }

        public void release() {
            locked(() -> {
                isHolding = false;
                held.forEach(Runnable::run);
                held.clear();
                return true;
            });
        }

        /// From now on nobody can load the shard.
        public void damage(int shard) {
            locked(() -> damaged.add(shard));
        }

        public void repair(int shard) {
            locked(() -> damaged.remove(shard));
        }

        void setFailing(boolean failing) {
            locked(() -> isFailing = failing);
        }

        Medium copy() {
            return locked(() -> {
                Medium copy = new Medium();
                batches.forEach((shard, list) -> copy.batches.put(shard, new ArrayList<>(list)));
                copy.epochs.putAll(epochs);
                return copy;
            });
        }

        private long end(int shard) {
            List<Batch> list = batches.getOrDefault(shard, List.of());
            return list.isEmpty() ? 1 : list.getLast().first() + list.getLast().count();
        }
    }

    private final Medium medium;
    private final Function<byte[], List<GroupRecord>> reader;
    private final LongSupplier nanos;
    private final Duration putTimeout;
    private final Map<Integer, Tenure> tenures = new HashMap<>();

    public MemoryGroupLog(
            Medium medium, Function<byte[], List<GroupRecord>> reader, LongSupplier nanos, Duration putTimeout) {
        this.medium = medium;
        this.reader = reader;
        this.nanos = nanos;
        this.putTimeout = putTimeout;
    }

    @Override
    public LoadedShard takeOver(int shard, ShardEvents events) {
        return medium.locked(() -> {
            Tenure former = tenures.get(shard);
            if (former != null) {
                former.isLost = true;
            }
            if (medium.damaged.contains(shard)) {
                throw new UncheckedIOException(new IOException("shard " + shard + " is damaged"));
            }
            int epoch = medium.epochs.merge(shard, 1, Integer::sum);
            Map<ByteBuffer, GroupEntry> last = new LinkedHashMap<>();
            medium.batches.getOrDefault(shard, List.of()).forEach(batch -> merge(batch, last));
            Tenure tenure = new Tenure(shard, epoch, medium.end(shard), events);
            tenures.put(shard, tenure);
            return new LoadedShard(tenure, List.copyOf(last.values()), tenure.next);
        });
    }

    private void merge(Medium.Batch batch, Map<ByteBuffer, GroupEntry> last) {
        long sequence = batch.first();
        for (GroupRecord record : reader.apply(batch.bytes().array())) {
            long at = sequence++;
            ByteBuffer key = ByteBuffer.wrap(record.key());
            last.remove(key);
            record.value().ifPresent(value -> last.put(key, new GroupEntry(at, record.key(), value)));
        }
    }

    @Override
    public int batchBytesMax() {
        return BATCH_BYTES_MAX;
    }

    @Override
    public void keepUp() {
        medium.locked(() -> {
            tenures.values().forEach(Tenure::loseIfStalled);
            return true;
        });
    }

    @Override
    public Optional<TenureStatus> status(int shard) {
        return medium.locked(() -> Optional.ofNullable(tenures.get(shard)).map(Tenure::status));
    }

    private final class Tenure implements ShardTenure {
        private final int shard;
        private final int epoch;
        private final ShardEvents events;
        private long next;
        private int inFlightBytes;
        private long waitingSinceNanos;
        private boolean isLost;

        private Tenure(int shard, int epoch, long next, ShardEvents events) {
            this.shard = shard;
            this.epoch = epoch;
            this.next = next;
            this.events = events;
        }

        @Override
        public int shard() {
            return shard;
        }

        @Override
        public int epoch() {
            return epoch;
        }

        @Override
        public Admission append(byte[] bytes, int count) {
            return medium.locked(() -> {
                if (isLost) {
                    return new Admission.Resigned();
                }
                if (inFlightBytes > 0 && inFlightBytes + bytes.length > GroupLogRig.IN_FLIGHT_BYTES_MAX) {
                    return new Admission.Busy(inFlightBytes + " bytes");
                }
                Medium.Batch batch = new Medium.Batch(next, count, ByteBuffer.wrap(bytes));
                next += count;
                waitingSinceNanos = inFlightBytes == 0 ? nanos.getAsLong() : waitingSinceNanos;
                inFlightBytes += bytes.length;
                boolean fails = medium.isFailing;
                if (medium.isHolding) {
                    medium.held.add(() -> commit(batch, fails));
                } else {
                    commit(batch, fails);
                }
                return new Admission.Accepted(batch.first() + count);
            });
        }

        private void commit(Medium.Batch batch, boolean fails) {
            if (isLost) {
                return;
            }
            inFlightBytes -= batch.bytes().capacity();
            if (fails || !isOwner()) {
                lose();
                return;
            }
            medium.batches.computeIfAbsent(shard, _ -> new ArrayList<>()).add(batch);
            events.durable(batch.first() + batch.count());
        }

        private boolean isOwner() {
            return !isLost && medium.epochs.getOrDefault(shard, 0) == epoch;
        }

        private void lose() {
            isLost = true;
            events.lost("not taken");
        }

        private void loseIfStalled() {
            if (!isLost && inFlightBytes > 0 && nanos.getAsLong() - waitingSinceNanos >= putTimeout.toNanos()) {
                lose();
            }
        }

        @Override
        public CompletableFuture<Boolean> isCurrent() {
            return CompletableFuture.completedFuture(medium.locked(this::isOwner));
        }

        @Override
        public void resign() {
            medium.locked(() -> isLost = true);
        }

        @Override
        public TenureStatus status() {
            return medium.locked(
                    () -> new TenureStatus(epoch, 1, next, next, inFlightBytes > 0 ? 1 : 0, inFlightBytes, 0, 0));
        }
    }
}
