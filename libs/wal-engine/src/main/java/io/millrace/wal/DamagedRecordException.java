package io.millrace.wal;

import java.io.IOException;

/// The bytes at this place are not the record that was written there.
public final class DamagedRecordException extends IOException {

    public DamagedRecordException(String message) {
        super(message);
    }
}
