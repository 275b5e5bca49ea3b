package io.millrace.bench;

import io.millrace.wal.storage.FileStorage;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A directory on the disk that is measured, which `MICRO_DIRECTORY` names; gone when it is closed.
record BenchDirectory(Path path) implements AutoCloseable {

    static BenchDirectory create() throws IOException {
        String named = System.getenv("MICRO_DIRECTORY");
        Path disk = Path.of(named == null ? "target" : named).toAbsolutePath();
        return new BenchDirectory(Files.createTempDirectory(Files.createDirectories(disk), "bench"));
    }

    FileStorage storage(String name) throws IOException {
        return FileStorage.open(path.resolve(name), VolatileMemory.ALLOW);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
