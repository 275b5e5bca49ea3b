package io.millrace.walstore;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file system that the log lies on, so that an operator sees that it is the right one.
///
/// Threads: immutable. Units: bytes.
///
/// @param name as the system names it, such as `/dev/sda1`
/// @param type such as `ext4`
record DataDevice(String name, String type, long totalBytes, long usableBytes) {

    /// Asks the system; the nearest directory that exists stands for one that does not yet.
    static DataDevice of(Path directory) throws IOException {
        Path existing = directory.toAbsolutePath().normalize();
        while (!Files.exists(existing)) {
            Path parent = existing.getParent();
            if (parent == null) {
                break;
            }
            existing = parent;
        }
        FileStore store = Files.getFileStore(existing);
        return new DataDevice(store.name(), store.type(), store.getTotalSpace(), store.getUsableSpace());
    }
}
