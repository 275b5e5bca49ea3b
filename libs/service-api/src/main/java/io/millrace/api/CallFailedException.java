package io.millrace.api;

/// Another service did not answer, or said that it cannot; whether it did what was asked is not known.
///
/// Only calls whose answer has no `Unknown` outcome fail with it: the catalog, forwarded frames, the look-up of a
/// topic.
public final class CallFailedException extends RuntimeException {

    public CallFailedException(String message) {
        super(message);
    }

    public CallFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
