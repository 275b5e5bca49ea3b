package io.millrace.kafka.handlers;

import org.apache.kafka.common.errors.TimeoutException;

/// Wal-store, or the feed from it, did not say in time what a request needs to know; asking again is right.
///
/// Errors: how a [TopicDirectory]'s answers fail. Where nobody catches it, the client gets REQUEST_TIMED_OUT, which it
/// retries.
public final class StoreSilence extends TimeoutException {

    public StoreSilence(String message) {
        super(message);
    }

    public StoreSilence(String message, Throwable cause) {
        super(message, cause);
    }
}
