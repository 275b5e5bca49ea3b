package io.millrace.coordinator.log;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The store of one data directory and the one thread that folds in it; makes the logs over it.
///
/// Threads: `open`, `bindTo` and `close` block.
/// Errors: [GroupStoreException] says what is wrong with the directory and what can be done.
public final class GroupLogStore implements AutoCloseable {

    private final InfinispanGroupStore store;
    private final ExecutorService folder;

    private GroupLogStore(InfinispanGroupStore store, ExecutorService folder) {
        this.store = store;
        this.folder = folder;
    }

    /// Opens or creates the store.
    ///
    /// @param shards fixed when the store is created
    public static GroupLogStore open(Path directory, int shards) throws GroupStoreException {
        InfinispanGroupStore store = InfinispanGroupStore.open(directory, shards);
        return new GroupLogStore(
                store,
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("group-folder").daemon().factory()));
    }

    /// Binds the store to a cluster, once and for ever; another cluster's id is refused.
    public void bindTo(String clusterId) throws GroupStoreException {
        store.bindTo(clusterId);
    }

    /// A log over this store; one is enough, a second one fences the first shard by shard.
    ///
    /// @param nanoClock elapsed time, for measuring puts
    /// @param reader the records of a batch's bytes
    public LocalGroupLog log(
            GroupLogOptions options,
            LongSupplier nanoClock,
            Function<byte[], List<GroupRecord>> reader,
            Consumer<GroupStoreException> foldFailures) {
        return new LocalGroupLog(store, options, new LogClock(nanoClock), reader, new FoldThread(folder, foldFailures));
    }

    /// Lets a fold that runs end, then closes the files.
    @Override
    public void close() throws GroupStoreException {
        folder.close();
        store.close();
    }
}
