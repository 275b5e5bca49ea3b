package io.millrace.wal.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A directory of the operating system, locked for this process unless it is only read.
///
/// Threads: as [WalStorage]. Do not interrupt a thread that works on a file: it would close the file for all others.
public final class FileStorage implements WalStorage {

    /// What to do with a directory whose files are gone after a restart of the machine.
    public enum VolatileMemory {
        REFUSE,
        ALLOW
    }

    private static final String LOCK_NAME = "lock";
    private static final Set<String> VOLATILE_TYPES = Set.of("tmpfs", "ramfs");

    private final Path directory;
    /// Null if the directory is only read.
    private final @Nullable FileChannel lockChannel;
    private final DirectZeros directZeros;
    private final DeletedFiles deleted;
    /// Null if files cannot be read past the system's memory.
    private final UncachedFile.@Nullable Reads uncached;

    private FileStorage(Path directory, @Nullable FileChannel lockChannel, @Nullable Executor deletions)
            throws IOException {
        this.directory = directory;
        this.lockChannel = lockChannel;
        DirectAccess access = DirectAccess.of(directory);
        this.directZeros = new DirectZeros(access);
        this.deleted = new DeletedFiles(directory, deletions);
        this.uncached = access.isPossible() ? new UncachedFile.Reads(access) : null;
    }

    /// Creates the directory if there is none, and locks it.
    ///
    /// @throws DirectoryTakenException if another process has it
    public static FileStorage open(Path path, VolatileMemory volatileMemory) throws IOException {
        return opened(path, volatileMemory, null);
    }

    /// The same, and large files that are deleted are made shorter piece by piece before they are removed: what a file
    /// system frees at once holds up every force meanwhile.
    ///
    /// @param deletions runs that; a task ends when nothing is left to be removed
    public static FileStorage open(Path path, VolatileMemory volatileMemory, Executor deletions) throws IOException {
        return opened(path, volatileMemory, deletions);
    }

    private static FileStorage opened(Path path, VolatileMemory volatileMemory, @Nullable Executor deletions)
            throws IOException {
        Path directory = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(directory);
            String type = Files.getFileStore(directory).type();
            if (volatileMemory == VolatileMemory.REFUSE && VOLATILE_TYPES.contains(type.toLowerCase(Locale.ROOT))) {
                throw new IOException("The data directory " + directory + " lies on " + type
                        + ", which keeps files in memory only: they would be lost with the machine. "
                        + "Choose a directory on a disk, or allow volatile memory in the configuration.");
            }
            FileStorage storage = new FileStorage(directory, locked(directory), deletions);
            try {
                storage.deleted.removeLeftovers();
            } catch (IOException e) {
                storage.close();
                throw e;
            }
            return storage;
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? e.toString() : e.getReason();
            throw new IOException(
                    "The data directory " + directory + " cannot be written: " + reason
                            + ". Nothing was changed; start again when it can be written.",
                    e);
        }
    }

    /// A directory that is only read: nothing in it is created, locked, changed or deleted.
    public static FileStorage openReadOnly(Path path) throws IOException {
        Path directory = path.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new IOException("There is no directory " + directory + ".");
        }
        return new FileStorage(directory, null, null);
    }

    /// Whether some process has the directory now. To find out, it is locked for a moment, together with other readers.
    public static boolean isTaken(Path directory) throws IOException {
        Path lock = directory.resolve(LOCK_NAME);
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ);
                @Nullable FileLock found = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return found == null;
        } catch (OverlappingFileLockException ownLock) {
            return true;
        }
    }

    private static FileChannel locked(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK_NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new DirectoryTakenException(directory.toString());
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new DirectoryTakenException(directory.toString());
        }
        return channel;
    }

    @Override
    public String location() {
        return directory.toString();
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals(LOCK_NAME) && !DeletedFiles.isDeleted(name))
                    .toList();
        }
    }

    @Override
    public WalFile create(String name) throws IOException {
        checkWritable();
        try {
            return opened(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw withSpaceChecked(e, name);
        }
    }

    @Override
    public WalFile open(String name) throws IOException {
        return lockChannel == null
                ? opened(name, StandardOpenOption.READ)
                : opened(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public WalFile openUncached(String name) throws IOException {
        if (uncached == null) {
            return opened(name, StandardOpenOption.READ);
        }
        try {
            return deleted.opened(name, usage -> uncached.open(directory.resolve(name), () -> deleted.closed(usage)));
        } catch (FileSystemException e) {
            // Either there is no such file, which this tells, or the file system cannot read so, as some in memory.
            return opened(name, StandardOpenOption.READ);
        }
    }

    private void checkWritable() throws IOException {
        if (lockChannel == null) {
            throw new IOException(directory + " was opened for reading only");
        }
    }

    private WalFile opened(String name, StandardOpenOption... options) throws IOException {
        Path path = directory.resolve(name);
        return deleted.opened(
                name,
                usage -> new ChannelFile(
                        path, FileChannel.open(path, options), directZeros, () -> deleted.closed(usage)));
    }

    @Override
    public void rename(String name, String newName) throws IOException {
        checkWritable();
        deleted.rename(name, newName);
    }

    @Override
    public void delete(String name) throws IOException {
        checkWritable();
        deleted.delete(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        checkWritable();
        forceDirectory(directory);
    }

    static void forceDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public void close() throws IOException {
        deleted.close();
        if (lockChannel != null) {
            lockChannel.close();
        }
    }

    /// The JDK has no type for ENOSPC and EDQUOT, only the system's words.
    private static IOException withSpaceChecked(IOException failure, String name) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        boolean isFull = message.contains("no space left") || message.contains("quota exceeded");
        return isFull ? new DiskFullException("No space left for " + name, failure) : failure;
    }

    private record ChannelFile(Path path, FileChannel channel, DirectZeros directZeros, Runnable closed)
            implements WalFile {

        /// The JDK copies heap buffers through direct memory of the same size, which it keeps for each thread.
        private static final int TRANSFER_BYTES_MAX = 1 << 20;

        @Override
        public String name() {
            return path.getFileName().toString();
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            try {
                long at = position;
                while (source.hasRemaining()) {
                    at += channel.write(source, at);
                }
            } catch (IOException e) {
                throw withSpaceChecked(e, name());
            }
        }

        @Override
        public void zero(long position, int count) throws IOException {
            try {
                if (directZeros.fill(path, position, count)) {
                    return;
                }
            } catch (IOException e) {
                throw withSpaceChecked(e, name());
            }
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(TRANSFER_BYTES_MAX, count));
            for (int done = 0; done < count; done += zeros.limit()) {
                write(zeros.clear().limit(Math.min(zeros.capacity(), count - done)), position + done);
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int done = 0;
            while (target.hasRemaining()) {
                int count = Math.min(target.remaining(), TRANSFER_BYTES_MAX);
                ByteBuffer slice = target.slice(target.position(), count);
                int read = channel.read(slice, position + done);
                if (read < 0) {
                    break;
                }
                target.position(target.position() + read);
                done += read;
            }
            return done;
        }

        @Override
        public void force() throws IOException {
            try {
                channel.force(false);
            } catch (IOException e) {
                throw withSpaceChecked(e, name());
            }
        }

        @Override
        public void close() throws IOException {
            if (channel.isOpen()) {
                channel.close();
                closed.run();
            }
        }
    }
}
