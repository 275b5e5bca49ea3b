package io.millrace.coordinator.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The directory of one store, held by one process at a time.
///
/// Errors: [GroupStoreException] if another process holds it or it cannot be written.
final class GroupStoreDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lockFile;

    private GroupStoreDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    static GroupStoreDirectory take(Path path) throws GroupStoreException {
        FileChannel channel = open(path);
        FileLock lock = lock(channel, path);
        if (lock == null) {
            close(channel, path);
            throw new GroupStoreException("Another offset-coordinator is running on " + path
                    + ". Stop it, or give this one another data directory.");
        }
        return new GroupStoreDirectory(path, channel);
    }

    private static FileChannel open(Path path) throws GroupStoreException {
        try {
            Files.createDirectories(path);
            return FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new GroupStoreException("The data directory " + path + " cannot be written", e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel, Path path) throws GroupStoreException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        } catch (IOException e) {
            throw new GroupStoreException("The data directory " + path + " cannot be locked", e);
        }
    }

    private static void close(FileChannel channel, Path path) throws GroupStoreException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new GroupStoreException("The lock of " + path + " cannot be closed", e);
        }
    }

    Path path() {
        return path;
    }

    /// Closing the channel gives the lock back.
    @Override
    public void close() throws GroupStoreException {
        close(lockFile, path);
    }
}
