package io.millrace.store;

import java.io.IOException;

/// What a pass wanted to copy cannot be read; what it writes is well.
final class UnreadableSourceException extends IOException {

    UnreadableSourceException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
