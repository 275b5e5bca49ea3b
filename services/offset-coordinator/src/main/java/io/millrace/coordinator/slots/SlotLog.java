package io.millrace.coordinator.slots;

import io.millrace.coordinator.slots.SlotIndex.Located;
import io.millrace.wal.CheckedFile;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogEnd;
import io.millrace.wal.LogIdentity;
import io.millrace.wal.LogManifest;
import io.millrace.wal.RecoveryPlan;
import io.millrace.wal.SegmentOptions;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Slots with values, on one directory: what a future has completed survives any crash, and what a slot holds is what
/// was put last.
///
/// Threads: `put`, `remove`, `read`, `scan` any, where the last two block on the disk; [#writeIfDue] and
/// [#awaitWork] the writer's thread, [#upkeep] and [#awaitUpkeep] the upkeep thread, both given by the owner.
/// Errors: a failed future means that the change may or may not be there after the next start, and that it is not
/// there for readers now. After a write or a force that failed nothing more is taken; see [SlotEvents#poisoned].
/// Ownership: closes the storage.
public final class SlotLog implements AutoCloseable {

    /// Compaction gives one segment up at a time, and the next one is made of it.
    private static final int RECYCLED_COUNT_MAX = 1;

    private static final String IDENTITY_FILE = "identity";
    private static final String CLEAN_END_FILE = "clean-end";

    private final WalStorage storage;
    private final SlotLogOptions options;
    private final SlotEvents events;
    private final WriteAheadLog log;
    private final SlotIndex index;
    private final ChangeQueue queue = new ChangeQueue();
    private final SlotWriter writer;
    private final SlotCompaction compaction;
    private final SlotReader reader;
    private final Semaphore upkeepBell = new Semaphore(0);

    /// Owned by the upkeep thread.
    private boolean isFullTold;

    private SlotLog(WalStorage storage, SlotLogOptions options, Opened opened, SlotEvents events) {
        this.storage = storage;
        this.options = options;
        this.events = events;
        log = opened.log();
        index = opened.index();
        SlotWriter.Parts parts = new SlotWriter.Parts(log, index, queue);
        writer = new SlotWriter(parts, options, opened.environment().clock(), events);
        compaction = new SlotCompaction(storage, parts, writer);
        reader = new SlotReader(log);
    }

    private record Opened(WriteAheadLog log, SlotIndex index, SlotEnvironment environment) {}

    /// Opens or creates the log of a directory.
    ///
    /// @throws CorruptLogException if what is there is not what was written
    public static SlotLog open(
            WalStorage storage, SlotLogOptions options, SlotEnvironment environment, SlotEvents events)
            throws IOException {
        try {
            SlotIndex index = new SlotIndex();
            RecoveryPlan plan = new RecoveryPlan(
                    identity(storage, environment.random()),
                    CheckedFile.read(storage, SlotCompaction.MANIFEST_FILE).map(LogManifest::decode),
                    CheckedFile.read(storage, CLEAN_END_FILE).map(LogEnd::decode),
                    round -> index.apply(round.segmentBase(), round.records()),
                    (_, _) -> {});
            SegmentOptions segments = new SegmentOptions(
                    options.segmentBytes(),
                    options.spareBytesMin(),
                    RECYCLED_COUNT_MAX,
                    environment.clock(),
                    environment.random());
            WriteAheadLog log = WriteAheadLog.open(storage, segments, plan);
            return new SlotLog(storage, options, new Opened(log, index, environment), events);
        } catch (IOException e) {
            storage.close();
            throw e;
        }
    }

    /// Given by the first start of all.
    private static LogIdentity identity(WalStorage storage, RandomGenerator random) throws IOException {
        Optional<LogIdentity> known =
                CheckedFile.read(storage, IDENTITY_FILE).map(bits -> new LogIdentity(bits.getLong(), bits.getLong()));
        if (known.isPresent()) {
            return known.get();
        }
        if (storage.list().stream().anyMatch(name -> name.endsWith(".segment"))) {
            throw new CorruptLogException(IDENTITY_FILE, 0, "the file is missing beside segments");
        }
        LogIdentity identity = new LogIdentity(random.nextLong(), random.nextLong());
        ByteBuffer bits = ByteBuffer.allocate(2 * Long.BYTES);
        bits.putLong(identity.mostSignificantBits()).putLong(identity.leastSignificantBits());
        CheckedFile.write(storage, IDENTITY_FILE, bits.flip());
        return identity;
    }

    /// Where the files are, for messages to people.
    public String location() {
        return storage.location();
    }

    public SlotLogOptions options() {
        return options;
    }

    public CompletableFuture<Void> put(Area area, String name, byte[] value) {
        return add(new Change.Put(new SlotName(area, name), value, new CompletableFuture<>()));
    }

    public CompletableFuture<Void> remove(Area area, String name) {
        return add(new Change.Removal(new SlotName(area, name), new CompletableFuture<>()));
    }

    private CompletableFuture<Void> add(Change change) {
        if (change.bodyBytes() > options.recordBytesMax()) {
            return CompletableFuture.failedFuture(
                    new IOException("a value of " + change.bodyBytes() + " bytes does not fit into a segment"));
        }
        queue.add(change);
        return change.done();
    }

    /// Whether a slot holds anything; never blocks.
    public boolean holds(Area area, String name) {
        return index.find(new SlotName(area, name)).isPresent();
    }

    public Optional<byte[]> read(Area area, String name) throws IOException {
        SlotName slot = new SlotName(area, name);
        for (Optional<SlotIndex.Place> place = index.find(slot); place.isPresent(); place = index.find(slot)) {
            Optional<byte[]> value =
                    reader.read(List.of(new Located(slot, place.get()))).getFirst();
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /// Everything in an area, in the order in which it was put. A slot that changes meanwhile is seen before or after
    /// its change.
    public List<Entry> scan(Area area) throws IOException {
        List<Located> located = index.located(area);
        List<Optional<byte[]>> values = reader.read(located);
        List<Entry> entries = new ArrayList<>(located.size());
        for (int i = 0; i < located.size(); i++) {
            String name = located.get(i).slot().name();
            Optional<byte[]> value = values.get(i).isPresent() ? values.get(i) : read(area, name);
            value.ifPresent(bytes -> entries.add(new Entry(name, bytes)));
        }
        return entries;
    }

    /// A slot's name and value.
    ///
    /// Ownership: nobody writes into the value.
    // Nobody compares it, and a copy of the bytes for each look would cost.
    @SuppressWarnings("ArrayRecordComponent")
    public record Entry(String name, byte[] value) {}

    /// Whether the disk is so full that nothing should be put that can be refused; what must be put may still fit.
    public boolean isFull() {
        return writer.isFull();
    }

    /// One step of the writer's thread: what waits becomes one round.
    ///
    /// @return how many changes were answered
    public int writeIfDue() {
        int answered = writer.step();
        if (log.preparedCount() == 0 || compaction.hasWork()) {
            ringUpkeep();
        }
        return answered;
    }

    private void ringUpkeep() {
        if (upkeepBell.availablePermits() == 0) {
            upkeepBell.release();
        }
    }

    /// Parks the writer's thread until there is work for it, or the time is over.
    public void awaitWork(Duration atMost) throws InterruptedException {
        queue.awaitWork(atMost);
    }

    /// One step of the upkeep thread: prepares a segment, compacts a piece. It does not throw for a bad disk: that
    /// poisons the log.
    public void upkeep() {
        if (writer.isPoisoned()) {
            return;
        }
        try {
            log.prepare();
            int freed = compaction.step();
            if (freed > 0) {
                events.spaceFreed(freed);
            }
            tellSpace();
        } catch (DiskFullException e) {
            // A manifest that cannot be written frees nothing yet; the next step tries again.
            return;
        } catch (IOException e) {
            writer.poison(e);
        }
    }

    private void tellSpace() throws IOException {
        boolean isDiskFull = log.isDiskFull();
        if (isDiskFull != isFullTold) {
            isFullTold = isDiskFull;
            queue.nudge();
            if (isDiskFull) {
                events.diskFull(storage.location(), storage.usableBytes());
            } else {
                events.spaceReturned(storage.location(), storage.usableBytes());
            }
        }
    }

    /// Parks the upkeep thread until the writer rings, or the time is over; on a full disk only time brings work.
    public void awaitUpkeep(Duration atMost) throws InterruptedException {
        boolean _ = upkeepBell.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Bytes of the segments that hold anything, and those that live.
    public Use use() {
        long bytes = log.extents().stream()
                .mapToLong(extent -> extent.endPosition() - extent.basePosition())
                .sum();
        return new Use(bytes, index.liveBytes(), isFull());
    }

    /// How much of the log is needed.
    ///
    /// @param isFull as [SlotLog#isFull]
    public record Use(long bytes, long liveBytes, boolean isFull) {}

    /// Writes what waits, marks the end as an orderly one and gives up the directory. Call it when the threads of the
    /// writer and of upkeep have ended.
    @Override
    public void close() throws IOException {
        queue.stop(new IOException("the log is being closed"));
        try {
            while (!queue.isEmpty()) {
                writer.step();
            }
            if (!writer.isPoisoned()) {
                writeCleanEnd();
            }
        } finally {
            log.close();
            storage.close();
        }
    }

    private void writeCleanEnd() throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LogEnd.ENCODED_BYTES);
        log.end().encode(content);
        try {
            CheckedFile.write(storage, CLEAN_END_FILE, content.flip());
        } catch (DiskFullException e) {
            // Without it the next start counts as one after a crash, and finds the same log.
            return;
        }
    }
}
