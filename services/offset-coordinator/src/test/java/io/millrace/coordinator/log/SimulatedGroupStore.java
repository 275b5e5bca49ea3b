package io.millrace.coordinator.log;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/// A store in memory whose writes can be held, failed, lost and cut off; what it holds survives its users.
final class SimulatedGroupStore implements GroupStore {

    private static final int VALUE_BYTES_MAX = 64 << 10;

    private final Map<String, byte[]> stored = new TreeMap<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private Predicate<Slot> failing = _ -> false;
    private boolean isHolding;
    private int writesLeft = Integer.MAX_VALUE;
    private boolean isFull;
    private Runnable afterScan = () -> {};

    SimulatedGroupStore() {}

    /// The same content, for a next process.
    SimulatedGroupStore copy() {
        SimulatedGroupStore copy = new SimulatedGroupStore();
        copy.stored.putAll(stored);
        return copy;
    }

    void failPuts(Predicate<Slot> which) {
        failing = which;
    }

    void holdPuts() {
        isHolding = true;
    }

    int heldPuts() {
        return held.size();
    }

    void completeHeldLastFirst() {
        isHolding = false;
        while (!held.isEmpty()) {
            held.removeLast().run();
        }
    }

    void completeHeldButFirst() {
        Runnable first = held.removeFirst();
        while (!held.isEmpty()) {
            held.removeFirst().run();
        }
        held.add(first);
    }

    /// Does it once, when somebody has looked through the batches.
    void afterNextScan(Runnable step) {
        afterScan = () -> {
            afterScan = () -> {};
            step.run();
        };
    }

    /// As if the process were killed: this many more writes reach the disk, the rest fail.
    void allowWrites(int count) {
        writesLeft = count;
    }

    void fill() {
        isFull = true;
    }

    void makeSpace() {
        isFull = false;
    }

    void put(Slot slot, StoredBatch batch) {
        stored.put(key(slot), batch.encode());
    }

    void drop(Slot slot) {
        stored.remove(key(slot));
    }

    void flipBit(Slot slot) {
        stored.computeIfPresent(key(slot), (_, value) -> {
            byte[] flipped = value.clone();
            flipped[flipped.length - 1] ^= 1;
            return flipped;
        });
    }

    boolean holds(Slot slot) {
        return stored.containsKey(key(slot));
    }

    int size(Table table) {
        return (int) stored.keySet().stream()
                .filter(key -> key.startsWith(table.name()))
                .count();
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(Slot slot, byte[] value) {
        if (failing.test(slot)) {
            return CompletableFuture.failedFuture(new IllegalStateException("disk failed"));
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Runnable write = () -> done.complete(stored.putIfAbsent(key(slot), value) == null);
        if (isHolding) {
            held.add(write);
        } else {
            write.run();
        }
        return done;
    }

    @Override
    public CompletableFuture<Void> put(Slot slot, byte[] value) {
        return write(() -> stored.put(key(slot), value));
    }

    @Override
    public CompletableFuture<Void> remove(Slot slot) {
        return write(() -> stored.remove(key(slot)));
    }

    private CompletableFuture<Void> write(Runnable step) {
        if (writesLeft == 0) {
            return CompletableFuture.failedFuture(new IllegalStateException("killed"));
        }
        writesLeft--;
        step.run();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> get(Slot slot) {
        return CompletableFuture.completedFuture(Optional.ofNullable(stored.get(key(slot))));
    }

    @Override
    public CompletableFuture<Boolean> compareAndPut(Slot slot, Optional<byte[]> expected, byte[] value) {
        if (!Arrays.equals(stored.get(key(slot)), expected.orElse(null))) {
            return CompletableFuture.completedFuture(false);
        }
        return put(slot, value).thenApply(_ -> true);
    }

    @Override
    public Map<String, byte[]> scan(Table table, int shard) {
        String prefix = table + "/" + shard + "/";
        Map<String, byte[]> found = new TreeMap<>();
        stored.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
            }
        });
        if (table == Table.BATCHES) {
            afterScan.run();
        }
        return found;
    }

    @Override
    public boolean isFull() {
        return isFull;
    }

    @Override
    public int valueBytesMax() {
        return VALUE_BYTES_MAX;
    }

    private static String key(Slot slot) {
        return slot.table() + "/" + slot.shard() + "/" + slot.name();
    }

    @Override
    public void close() {}
}
