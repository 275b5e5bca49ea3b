package io.millrace.wal;

import java.io.IOException;

/// The bytes on the disk are not what was written, and starting would hide or lose acknowledged records.
public final class CorruptLogException extends IOException {

    private final String fileName;
    private final long filePosition;
    private final String what;

    public CorruptLogException(String fileName, long filePosition, String what) {
        super("Corrupt log: " + fileName + " at byte " + filePosition + ": " + what
                + ". The log does not start, so that no acknowledged record is lost silently. Restore the data"
                + " directory from a copy, or check the disk and try again if the damage may lie in the connection to"
                + " it. Keep a copy of the directory before anything in it is changed. `./millrace wal verify` tells all"
                + " damage.");
        this.fileName = fileName;
        this.filePosition = filePosition;
        this.what = what;
    }

    public String fileName() {
        return fileName;
    }

    public long filePosition() {
        return filePosition;
    }

    /// The finding alone, without place and advice.
    public String what() {
        return what;
    }
}
