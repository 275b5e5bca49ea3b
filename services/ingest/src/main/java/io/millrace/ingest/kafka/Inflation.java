package io.millrace.ingest.kafka;

/// How many bytes the codecs may still put out: a few kilobytes of zeros inflate to gigabytes.
///
/// Threads: one at a time. Units: bytes.
final class Inflation {

    private long left;

    Inflation(long bytes) {
        left = bytes;
    }

    void use(int bytes) throws BeyondException {
        left -= bytes;
        if (left < 0) {
            throw new BeyondException();
        }
    }

    /// More came out than there may.
    static final class BeyondException extends Exception {
        BeyondException() {
            // No stack trace: a client can make as many of these as it likes.
            super("", null, false, false);
        }
    }
}
