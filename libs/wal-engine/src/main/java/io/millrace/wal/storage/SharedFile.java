package io.millrace.wal.storage;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// An open file that is closed when its owner has let it go and the last reader is done.
///
/// Threads: any.
/// Ownership: whoever makes it holds it, and releases it once; so does whoever held it in between.
public final class SharedFile {

    private final WalFile file;
    private final AtomicInteger holders = new AtomicInteger(1);

    public SharedFile(WalFile file) {
        this.file = file;
    }

    public WalFile file() {
        return file;
    }

    /// Keeps the file open; false if the owner has let it go already.
    public boolean hold() {
        int seen = holders.get();
        while (seen > 0) {
            int found = holders.compareAndExchange(seen, seen + 1);
            if (found == seen) {
                return true;
            }
            seen = found;
        }
        return false;
    }

    /// Lets it go.
    ///
    /// @return whether nobody holds it now, nor ever will
    public boolean release() throws IOException {
        boolean isLast = holders.decrementAndGet() == 0;
        if (isLast) {
            file.close();
        }
        return isLast;
    }
}
