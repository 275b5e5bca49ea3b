package io.millrace.wal.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The files of a directory that are deleted. A large one loses its name at once and its content piece by piece: a file
/// system that frees much at a time, and tells the disk about it, holds up every force meanwhile.
///
/// A file keeps its content as long as someone has it open, and until the directory was forced: before, a crash could
/// bring its name back. What is left when the process ends is removed when the directory is opened again.
///
/// Threads: all methods from any thread; one of the executor's at a time shortens files. Units: bytes, milliseconds.
final class DeletedFiles {

    private static final String SUFFIX = ".deleted";
    private static final int PIECE_BYTES = 4 << 20;
    private static final long REST_MILLIS = 15;
    private static final long FAILURE_REST_MILLIS = 1_000;
    /// Without rest while more than this part of the free space waits to become free.
    private static final int WAITING_PART_MAX = 10;

    private final Path directory;
    /// Null if files are removed by the one who deletes them.
    private final @Nullable Executor executor;

    private final ReentrantLock lock = new ReentrantLock();
    /// Signalled when all work is done, and at the end. What follows is guarded by `lock`.
    private final Condition changed = lock.newCondition();

    private final Map<String, Usage> used = new HashMap<>();
    /// A crash could bring their names back, until the directory is forced.
    private final List<Usage> renamed = new ArrayList<>();

    private final Deque<Usage> ready = new ArrayDeque<>();
    private boolean isWorking;
    private boolean hasFailed;
    private long count;
    private volatile boolean isClosed;
    /// Of what lost its name and is not removed yet.
    private final AtomicLong waitingBytes = new AtomicLong();

    /// A file, and how many have it open.
    static final class Usage {
        private String name;
        private int openCount;
        /// Where it lies since it was deleted.
        private @Nullable Path deletedPath;

        private boolean isForced;

        private Usage(String name) {
            this.name = name;
        }

        private boolean isReady() {
            return openCount == 0 && isForced;
        }
    }

    /// Opens a file whose use is counted.
    interface Opener<T> {
        T open(Usage usage) throws IOException;
    }

    DeletedFiles(Path directory, @Nullable Executor executor) {
        this.directory = directory;
        this.executor = executor;
    }

    static boolean isDeleted(String name) {
        return name.endsWith(SUFFIX);
    }

    /// Removes what an earlier process left.
    void removeLeftovers() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (isDeleted(file.getFileName().toString())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    <T> T opened(String name, Opener<T> opener) throws IOException {
        lock.lock();
        try {
            Usage known = used.get(name);
            Usage usage = known == null ? new Usage(name) : known;
            T file = opener.open(usage);
            usage.openCount++;
            used.put(name, usage);
            return file;
        } finally {
            lock.unlock();
        }
    }

    void closed(Usage usage) {
        lock.lock();
        try {
            usage.openCount--;
            if (usage.isReady()) {
                ready.add(usage);
                work();
            } else if (usage.openCount == 0) {
                used.remove(usage.name, usage);
            }
        } finally {
            lock.unlock();
        }
    }

    void rename(String name, String newName) throws IOException {
        lock.lock();
        try {
            Files.move(
                    directory.resolve(name),
                    directory.resolve(newName),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            used.remove(newName);
            Usage usage = used.remove(name);
            if (usage != null) {
                usage.name = newName;
                used.put(newName, usage);
            }
        } finally {
            lock.unlock();
        }
    }

    void delete(String name) throws IOException {
        Path path = directory.resolve(name);
        lock.lock();
        try {
            Usage usage = used.remove(name);
            if (!Files.exists(path)) {
                return;
            }
            long size = Files.size(path);
            if (executor == null || size <= PIECE_BYTES) {
                Files.delete(path);
                return;
            }
            Path deleted = directory.resolve(name + "." + count++ + SUFFIX);
            Files.move(path, deleted, StandardCopyOption.ATOMIC_MOVE);
            Usage given = usage == null ? new Usage(name) : usage;
            given.deletedPath = deleted;
            renamed.add(given);
            waitingBytes.addAndGet(size);
            work();
        } finally {
            lock.unlock();
        }
    }

    /// Unless it is under way.
    private void work() {
        if (executor != null && !isWorking && !isClosed) {
            executor.execute(this::removeAll);
            isWorking = true;
        }
    }

    private void removeAll() {
        while (hasWork()) {
            try {
                forceRenamed();
                removeNext();
            } catch (IOException e) {
                // It is tried again, and what is left at the end is removed by the next process. A disk that fails so
                // fails the log, too, which tells of it.
                failed();
            }
        }
    }

    private void failed() {
        lock.lock();
        try {
            hasFailed = true;
        } finally {
            lock.unlock();
        }
        rest(FAILURE_REST_MILLIS);
    }

    private boolean hasWork() {
        lock.lock();
        try {
            isWorking = !(isClosed && hasFailed) && !(renamed.isEmpty() && ready.isEmpty());
            if (!isWorking) {
                changed.signalAll();
            }
            return isWorking;
        } finally {
            lock.unlock();
        }
    }

    private void forceRenamed() throws IOException {
        List<Usage> nameless = renamed();
        if (nameless.isEmpty()) {
            return;
        }
        // Most often the one who deletes forces the directory, too, and then there is nothing left to force.
        rest(REST_MILLIS);
        FileStorage.forceDirectory(directory);
        lock.lock();
        try {
            renamed.removeAll(nameless);
            for (Usage file : nameless) {
                file.isForced = true;
                if (file.isReady()) {
                    ready.add(file);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Usage> renamed() {
        lock.lock();
        try {
            return List.copyOf(renamed);
        } finally {
            lock.unlock();
        }
    }

    /// One that cannot be removed goes behind the others, which must not wait for it.
    private void removeNext() throws IOException {
        Usage file = nextReady();
        if (file == null) {
            return;
        }
        Path path = Objects.requireNonNull(file.deletedPath);
        try {
            if (Files.exists(path)) {
                remove(path);
            }
        } catch (IOException e) {
            addReady(file);
            throw e;
        }
    }

    private @Nullable Usage nextReady() {
        lock.lock();
        try {
            return ready.poll();
        } finally {
            lock.unlock();
        }
    }

    private void addReady(Usage file) {
        lock.lock();
        try {
            ready.add(file);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Path path) throws IOException {
        long left = Files.size(path);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            while (left > PIECE_BYTES) {
                channel.truncate(left - PIECE_BYTES);
                left -= PIECE_BYTES;
                long waiting = waitingBytes.addAndGet(-PIECE_BYTES);
                if (waiting < Files.getFileStore(directory).getUsableSpace() / WAITING_PART_MAX) {
                    rest(REST_MILLIS);
                }
            }
            Files.delete(path);
            waitingBytes.addAndGet(-left);
        }
    }

    /// Returns at once when this is closed.
    private void rest(long millis) {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (nanos > 0 && !isClosed) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// What still lies there is removed without rest, as far as nobody has it open.
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
            while (isWorking) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }
}
