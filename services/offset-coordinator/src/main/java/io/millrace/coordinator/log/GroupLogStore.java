package io.millrace.coordinator.log;

import io.millrace.coordinator.slots.SlotEnvironment;
import io.millrace.coordinator.slots.SlotEvents;
import io.millrace.coordinator.slots.SlotLog;
import io.millrace.coordinator.slots.SlotLogOptions;
import io.millrace.wal.storage.DirectoryTakenException;
import io.millrace.wal.storage.FileStorage;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// The store of one data directory and the threads that work for it: one writes, one cleans up, one folds.
///
/// A thread that works on the files is never interrupted, since an interrupt closes the file under it; the threads end
/// by looking at a flag.
///
/// Threads: `open`, `bindTo` and `close` block.
/// Errors: [GroupStoreException] says what is wrong with the directory and what can be done.
public final class GroupLogStore implements AutoCloseable {

    private static final Duration PARK_MAX = Duration.ofMillis(100);
    private static final Duration UPKEEP_PAUSE = Duration.ofMillis(200);
    private static final int SEGMENT_BYTES_MIN = 256 << 10;
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final SlotLog slots;
    private final InfinispanGroupStore store;
    private final ExecutorService folder;
    private final List<Thread> threads;

    // Written once, by close.
    private volatile boolean isStopping;

    private GroupLogStore(SlotLog slots, Settings settings, SlotEvents events) throws GroupStoreException {
        this.slots = slots;
        folder = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("group-folder").daemon().factory());
        threads = List.of(
                Thread.ofPlatform().name("group-writer").daemon().start(() -> run(this::write, events)),
                Thread.ofPlatform().name("group-upkeep").daemon().start(() -> run(this::keepUp, events)));
        try {
            store = InfinispanGroupStore.open(slots, settings.shards(), settings.stepTimeout());
        } catch (GroupStoreException e) {
            closeAfter(e);
            throw e;
        }
    }

    /// How a store is opened.
    ///
    /// @param shards fixed when the store is created
    /// @param stepTimeout of one step of opening
    public record Settings(
            Path directory,
            int shards,
            SlotLogOptions slots,
            FileStorage.VolatileMemory volatileMemory,
            Duration stepTimeout) {

        public Settings {
            if (slots.segmentBytes() < SEGMENT_BYTES_MIN) {
                throw new IllegalArgumentException("A segment of the groups' files has at least " + SEGMENT_BYTES_MIN
                        + " bytes, so that a batch fits in beside the longest name, not "
                        + slots.segmentBytes() + ".");
            }
        }
    }

    /// Opens or creates the store.
    public static GroupLogStore open(Settings settings, SlotEnvironment environment, SlotEvents events)
            throws GroupStoreException {
        Path directory = settings.directory();
        try {
            WalStorage storage = FileStorage.open(directory, settings.volatileMemory());
            SlotLog slots = SlotLog.open(storage, settings.slots(), environment, events);
            return new GroupLogStore(slots, settings, events);
        } catch (GroupStoreException e) {
            throw e;
        } catch (DirectoryTakenException e) {
            throw new GroupStoreException(
                    "Another offset-coordinator is running on " + directory
                            + ". Stop it, or give this one another data directory.",
                    e);
        } catch (IOException e) {
            throw new GroupStoreException("The store in " + directory + " cannot be opened: " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Step {
        void take() throws InterruptedException;
    }

    // The outermost frame of the two threads: a broken invariant ends the process before it can reach the disk.
    private void run(Step step, SlotEvents events) {
        try {
            while (!isStopping) {
                step.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            events.poisoned(new IOException("a thread of the store was interrupted, which nothing may do", e));
        } catch (RuntimeException | Error e) {
            events.poisoned(new IOException("a thread of the store stopped at a bug: " + e, e));
        }
    }

    private void write() throws InterruptedException {
        if (slots.writeIfDue() == 0) {
            slots.awaitWork(PARK_MAX);
        }
    }

    private void keepUp() throws InterruptedException {
        slots.awaitUpkeep(UPKEEP_PAUSE);
        if (!isStopping) {
            slots.upkeep();
        }
    }

    /// Binds the store to a cluster, once and for ever; another cluster's id is refused.
    public void bindTo(String clusterId) throws GroupStoreException {
        store.bindTo(clusterId);
    }

    /// A log over this store; one is enough, a second one fences the first shard by shard.
    ///
    /// @param nanoClock elapsed time, for measuring puts
    /// @param reader the records of a batch's bytes
    public GroupLog log(
            GroupLogOptions options,
            LongSupplier nanoClock,
            Function<byte[], List<GroupRecord>> reader,
            Consumer<GroupStoreException> foldFailures) {
        return new LocalGroupLog(store, options, new LogClock(nanoClock), reader, new FoldThread(folder, foldFailures));
    }

    InfinispanGroupStore store() {
        return store;
    }

    /// How much of the files is needed.
    public SlotLog.Use use() {
        return slots.use();
    }

    /// Lets a fold and a write that run end, then closes the files.
    @Override
    public void close() throws GroupStoreException {
        folder.close();
        store.close();
        end();
    }

    private void end() throws GroupStoreException {
        isStopping = true;
        try {
            for (Thread thread : threads) {
                if (!thread.join(END_MAX)) {
                    // The files stay as they are: the next start reads them as after a kill.
                    throw new GroupStoreException("the disk under " + slots.location() + " does not answer");
                }
            }
            slots.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GroupStoreException("interrupted while the store was closed", e);
        } catch (GroupStoreException e) {
            throw e;
        } catch (IOException e) {
            throw new GroupStoreException("the store did not close in order: " + e.getMessage(), e);
        }
    }

    private void closeAfter(GroupStoreException cause) {
        try {
            folder.close();
            end();
        } catch (GroupStoreException e) {
            cause.addSuppressed(e);
        }
    }
}
