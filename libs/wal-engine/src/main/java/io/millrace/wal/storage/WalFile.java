package io.millrace.wal.storage;

import java.io.IOException;
import java.nio.ByteBuffer;

/// One open file of a [WalStorage].
///
/// Threads: reads from several threads, also while one thread writes elsewhere in the file.
/// Units: positions and sizes in bytes from the start of the file.
public interface WalFile extends AutoCloseable {

    String name();

    long size() throws IOException;

    /// Writes all remaining bytes or throws; after a failure any part of them may have been written.
    void write(ByteBuffer source, long position) throws IOException;

    /// Fills a part of the file with zeros, not yet durable, as [#write] would; the cheapest way to do it.
    void zero(long position, int count) throws IOException;

    /// Reads until the target is full or the file ends.
    ///
    /// @return the number of bytes read, 0 at the end
    int read(ByteBuffer target, long position) throws IOException;

    /// Makes everything durable that was written before. After a failure nothing is known about any of it, and
    /// calling this again proves nothing.
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
