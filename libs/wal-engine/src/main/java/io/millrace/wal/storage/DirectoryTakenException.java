package io.millrace.wal.storage;

import java.io.IOException;

/// Another process works on this directory.
public final class DirectoryTakenException extends IOException {

    public DirectoryTakenException(String location) {
        super("The data directory " + location
                + " is in use by another process. Stop that process, or give this one a directory of its own.");
    }
}
