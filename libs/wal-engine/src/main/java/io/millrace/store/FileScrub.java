package io.millrace.store;

import java.io.IOException;

/// Looks at one file, piece by piece.
///
/// Threads: the one that scrubs.
interface FileScrub extends AutoCloseable {

    boolean isDone();

    /// Looks at one piece.
    ///
    /// @return how many bytes were read
    long step();

    @Override
    void close() throws IOException;
}
