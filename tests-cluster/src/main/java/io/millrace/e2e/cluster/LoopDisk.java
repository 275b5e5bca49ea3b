package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A disk of its own with ext4 on it, made of a file and a loop device, whose power a test may cut.
///
/// Threads: one. Errors: needs root, loop devices, and the programs of e2fsprogs and xfsprogs; says so when it has not.
public final class LoopDisk implements AutoCloseable {
    /// Of the tests that need one; the launcher leaves them out, and says so, where there are no loop devices.
    public static final String TAG = "loop-device";

    /// A file system that finds itself broken becomes read-only, as it is usual for servers.
    private static final String OPTIONS = "loop,errors=remount-ro";

    private final Path image;
    private final Path directory;

    private LoopDisk(Path image, Path directory) {
        this.image = image;
        this.directory = directory;
    }

    /// Made and mounted.
    ///
    /// @param place a directory for the file and the mount point, which lies on a real disk
    public static LoopDisk mount(Path place, long bytes) {
        LoopDisk disk = new LoopDisk(place.resolve("disk"), place.resolve("mounted"));
        try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            Files.createDirectories(disk.directory);
            file.setLength(bytes);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot make " + disk.image, failed);
        }
        SystemCommand.run("mkfs.ext4", "-q", "-F", disk.image.toString());
        disk.mount(OPTIONS);
        return disk;
    }

    public Path directory() {
        return directory;
    }

    /// From now on the disk fails whatever is asked of it. Of what was written before, only what was forced is there
    /// after `mountAgain`. Whoever works on it has to stand still: a force that is under way while the power goes
    /// may return as if it had been done.
    public void cutPower() {
        // Without its log being flushed. Both file systems know the same call.
        SystemCommand.run("xfs_io", "-x", "-c", "shutdown", directory.toString());
    }

    /// The file system finds itself broken: what it has can be read, and nothing can be written.
    public void breakFileSystem() {
        try {
            Path device = Path.of(Files.getFileStore(directory).name()).getFileName();
            Files.writeString(Path.of("/sys/fs/ext4").resolve(device).resolve("trigger_fs_error"), "on purpose");
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot break the file system of " + image, failed);
        }
    }

    /// As after a restart of the machine; nobody may have a file open.
    public void mountAgain() {
        unmount();
        mount(OPTIONS);
    }

    /// The same, but then nothing can be written. What its journal still has is written before.
    public void mountReadOnly() {
        mountAgain();
        SystemCommand.run("mount", "-o", "remount,ro", directory.toString());
    }

    private void mount(String options) {
        SystemCommand.run("mount", "-o", options, image.toString(), directory.toString());
    }

    private void unmount() {
        SystemCommand.run("umount", directory.toString());
    }

    @Override
    public void close() {
        unmount();
        try {
            Files.delete(image);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot delete " + image, failed);
        }
    }
}
