package io.millrace.api.http;

/// Bytes from a peer that are no message of our protocol; the stream or call that carried them ends.
final class MalformedMessageException extends RuntimeException {

    MalformedMessageException(String message) {
        super(message);
    }

    MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
