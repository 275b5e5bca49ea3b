package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A small file system of its own in memory that a test may fill, mounted for as long as this is open.
///
/// Threads: one. Errors: needs the right to mount; says so when it has not.
public final class MemoryDisk implements AutoCloseable {
    private final Path directory;

    private MemoryDisk(Path directory) {
        this.directory = directory;
    }

    public static MemoryDisk mount(Path directory, long bytes) {
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString()));
        return new MemoryDisk(directory);
    }

    public Path directory() {
        return directory;
    }

    /// Takes all the space that is left.
    public void fill() {
        byte[] block = new byte[64 << 10];
        try (OutputStream filler = Files.newOutputStream(filler())) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw new UncheckedIOException("could not fill " + directory, full);
            }
        }
    }

    /// Gives back what `fill` took.
    public void makeSpace() {
        try {
            Files.delete(filler());
        } catch (IOException failed) {
            throw new UncheckedIOException("could not make space in " + directory, failed);
        }
    }

    @Override
    public void close() {
        run(List.of("umount", directory.toString()));
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    private static void run(List<String> command) {
        try {
            int code = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (code != 0) {
                throw new AssertionError(command + " ended with " + code + "; this test must run as root");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + command, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
