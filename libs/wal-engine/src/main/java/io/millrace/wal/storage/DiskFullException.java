package io.millrace.wal.storage;

import java.io.IOException;

/// There is no space left for what was asked.
public final class DiskFullException extends IOException {

    public DiskFullException(String message) {
        super(message);
    }

    public DiskFullException(String message, IOException cause) {
        super(message, cause);
    }
}
