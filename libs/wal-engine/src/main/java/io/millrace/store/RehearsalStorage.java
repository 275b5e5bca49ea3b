package io.millrace.store;

import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A storage on which a start can be rehearsed: what would be written or deleted is not.
///
/// Threads: one. Ownership: the storage behind it stays open.
final class RehearsalStorage implements WalStorage {

    private final WalStorage storage;
    private final Set<String> deleted = new HashSet<>();

    RehearsalStorage(WalStorage storage) {
        this.storage = storage;
    }

    @Override
    public String location() {
        return storage.location();
    }

    @Override
    public List<String> list() throws IOException {
        return storage.list().stream().filter(name -> !deleted.contains(name)).toList();
    }

    @Override
    public WalFile create(String name) throws IOException {
        throw new IOException("A start on " + location() + " would create " + name + ", so it holds no log yet.");
    }

    @Override
    public WalFile open(String name) throws IOException {
        return new UnchangedFile(storage.open(name));
    }

    @Override
    public void rename(String name, String newName) throws IOException {
        throw new IOException("Nothing is renamed in a rehearsal: " + name + " to " + newName);
    }

    @Override
    public void delete(String name) {
        deleted.add(name);
    }

    @Override
    public void forceDirectory() {
        // Nothing was changed.
    }

    @Override
    public long usableBytes() throws IOException {
        return storage.usableBytes();
    }

    @Override
    public void close() {
        // It is the caller's.
    }

    private record UnchangedFile(WalFile file) implements WalFile {

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void write(ByteBuffer source, long position) {
            source.position(source.limit());
        }

        @Override
        public void zero(long position, int count) {
            // It stays as it is.
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force() {
            // Nothing was changed.
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
