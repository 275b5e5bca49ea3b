package io.millrace.store;

import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.List;

/// A storage that is only read, past what memory has of it. Nothing can be changed through it.
///
/// Threads: one. Ownership: the storage behind it stays open.
record UncachedDisk(WalStorage storage) implements WalStorage {

    @Override
    public String location() {
        return storage.location();
    }

    @Override
    public List<String> list() throws IOException {
        return storage.list();
    }

    @Override
    public WalFile create(String name) throws IOException {
        throw refusal(name);
    }

    @Override
    public WalFile open(String name) throws IOException {
        return storage.openUncached(name);
    }

    @Override
    public WalFile openUncached(String name) throws IOException {
        return storage.openUncached(name);
    }

    @Override
    public void rename(String name, String newName) throws IOException {
        throw refusal(name);
    }

    @Override
    public void delete(String name) throws IOException {
        throw refusal(name);
    }

    @Override
    public void forceDirectory() throws IOException {
        throw refusal(location());
    }

    private static IOException refusal(String name) {
        return new IOException("Who only reads changes nothing: " + name);
    }

    @Override
    public long usableBytes() throws IOException {
        return storage.usableBytes();
    }

    @Override
    public void close() {
        // It is the owner's.
    }
}
