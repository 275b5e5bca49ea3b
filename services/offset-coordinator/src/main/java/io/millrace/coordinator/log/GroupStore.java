package io.millrace.coordinator.log;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Durable key-value entries, each operation atomic by itself; what a future has completed survives any crash.
///
/// Two implementations: [InfinispanGroupStore], and a simulated one in the tests that fails, holds and loses puts.
///
/// Threads: safe for all. Futures may complete on the store's own threads.
/// Errors: a failed future means that the fate of the write is not known.
interface GroupStore extends AutoCloseable {

    /// Takes a slot.
    ///
    /// @return whether the slot was free and now holds `value`
    CompletableFuture<Boolean> putIfAbsent(Slot slot, byte[] value);

    CompletableFuture<Void> put(Slot slot, byte[] value);

    CompletableFuture<Void> remove(Slot slot);

    CompletableFuture<Optional<byte[]>> get(Slot slot);

    /// Replaces the content of a slot if it is still what the caller has seen.
    ///
    /// @param expected empty: the slot must be free
    /// @return whether it was, and now holds `value`
    CompletableFuture<Boolean> compareAndPut(Slot slot, Optional<byte[]> expected, byte[] value);

    /// Everything that one shard has in one table, by the names that it is stored under; blocks.
    Map<String, byte[]> scan(Table table, int shard) throws GroupStoreException;

    /// Whether the disk is so full that new batches should be refused; what keeps the shards going may still fit.
    boolean isFull();

    /// The largest value that a slot can hold, whatever its name is.
    int valueBytesMax();

    @Override
    void close();
}
