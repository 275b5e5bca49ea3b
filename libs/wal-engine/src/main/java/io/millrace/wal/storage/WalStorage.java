package io.millrace.wal.storage;

import java.io.IOException;
import java.util.List;

/// One flat directory of files that belongs to one process.
///
/// What was written is durable only after [WalFile#force]; what was created, renamed or deleted, only after
/// [#forceDirectory]. Implemented by [FileStorage] and by the simulated disk of the tests.
///
/// Threads: safe for use by several threads, each on its own files.
/// Errors: [IOException]; [DiskFullException] when there is no space, after which other calls may still succeed.
public interface WalStorage extends AutoCloseable {

    /// Where this is, for messages to people.
    String location();

    /// The names of all files, in no order.
    List<String> list() throws IOException;

    /// Creates an empty file; one of this name must not exist.
    WalFile create(String name) throws IOException;

    WalFile open(String name) throws IOException;

    /// For one thread that only reads. Where the system can, each read goes to the disk itself, past what memory still
    /// has of the file: it shows what the disk kept, and pushes nothing out of memory that others read.
    WalFile openUncached(String name) throws IOException;

    /// Atomically; replaces a file that has the new name.
    void rename(String name, String newName) throws IOException;

    /// Does nothing if there is no such file. A reader that has it open goes on reading. The space comes free later,
    /// for a large file little by little.
    void delete(String name) throws IOException;

    void forceDirectory() throws IOException;

    /// Bytes that could still be written.
    long usableBytes() throws IOException;

    /// Gives up the directory's lock.
    @Override
    void close() throws IOException;
}
