package io.millrace.ingest.kafka;

/// Bytes that are no records; ends a walk, and becomes [Validation.Rejected] where the walk was begun.
final class InvalidRecordsException extends Exception {

    InvalidRecordsException(String message) {
        // No stack trace: a client can make as many of these as it likes.
        super(message, null, false, false);
    }
}
