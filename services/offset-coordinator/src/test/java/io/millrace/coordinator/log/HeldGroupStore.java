package io.millrace.coordinator.log;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A store whose batches can be held up, as by a disk that hangs, and made to fail.
final class HeldGroupStore implements GroupStore {

    private final GroupStore store;
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private volatile boolean isFailing;

    HeldGroupStore(GroupStore store) {
        this.store = store;
    }

    void hold() {
        gate = new CompletableFuture<>();
    }

    void release() {
        gate.complete(null);
    }

    void fail() {
        isFailing = true;
    }

    void heal() {
        isFailing = false;
    }

    @Override
    public CompletableFuture<Boolean> putIfAbsent(Slot slot, byte[] value) {
        if (isFailing) {
            return CompletableFuture.failedFuture(new IllegalStateException("the disk failed"));
        }
        return gate.thenCompose(_ -> store.putIfAbsent(slot, value));
    }

    @Override
    public CompletableFuture<Void> put(Slot slot, byte[] value) {
        return store.put(slot, value);
    }

    @Override
    public CompletableFuture<Void> remove(Slot slot) {
        return store.remove(slot);
    }

    @Override
    public CompletableFuture<Optional<byte[]>> get(Slot slot) {
        return store.get(slot);
    }

    @Override
    public CompletableFuture<Boolean> compareAndPut(Slot slot, Optional<byte[]> expected, byte[] value) {
        return store.compareAndPut(slot, expected, value);
    }

    @Override
    public Map<String, byte[]> scan(Table table, int shard) throws GroupStoreException {
        return store.scan(table, shard);
    }

    @Override
    public boolean isFull() {
        return store.isFull();
    }

    @Override
    public int valueBytesMax() {
        return store.valueBytesMax();
    }

    @Override
    public void close() {
        store.close();
    }
}
