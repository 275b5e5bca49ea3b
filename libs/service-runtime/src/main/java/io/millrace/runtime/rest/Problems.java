package io.millrace.runtime.rest;

import io.millrace.model.Refusal;
import java.util.Locale;

/// The one place where a refusal, or a store that did not answer, becomes an HTTP status.
public final class Problems {

    private static final String TYPE_PREFIX = "urn:millrace:problem:";

    private Problems() {}

    public static ProblemException refused(Refusal refusal, String message) {
        String words = refusal.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String title = words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
        return new ProblemException(
                new Problem(TYPE_PREFIX + words.replace(' ', '-'), title, status(refusal), message));
    }

    /// The store did not answer: what was asked for may have been done.
    public static ProblemException unknown(String message) {
        return problem("outcome-unknown", "The store did not answer; it may have been done", 503, message);
    }

    /// The request cannot be understood.
    public static ProblemException invalid(String message) {
        return problem("invalid-request", "Invalid request", 400, message);
    }

    public static ProblemException notFound(String message) {
        return problem("not-found", "Not found", 404, message);
    }

    /// The request does not fit the present state of what it names.
    public static ProblemException conflict(String message) {
        return problem("conflict", "Conflict", 409, message);
    }

    public static ProblemException tooLarge(String message) {
        return problem("too-large", "Too large", 413, message);
    }

    /// Nothing was done; the same request may pass later.
    public static ProblemException unavailable(String message) {
        return problem("unavailable", "Unavailable", 503, message);
    }

    static Problem ofStatus(int status, String title, String detail) {
        return new Problem("about:blank", title, status, detail);
    }

    private static ProblemException problem(String type, String title, int status, String message) {
        return new ProblemException(new Problem(TYPE_PREFIX + type, title, status, message));
    }

    private static int status(Refusal refusal) {
        return switch (refusal) {
            case UNKNOWN_TOPIC, UNKNOWN_PARTITION -> 404;
            case TOPIC_EXISTS,
                    OUT_OF_ORDER_SEQUENCE,
                    DUPLICATE_SEQUENCE,
                    INVALID_PRODUCER_EPOCH,
                    UNKNOWN_PRODUCER_ID,
                    FENCED_LEADER_EPOCH,
                    UNKNOWN_LEADER_EPOCH -> 409;
            case RECORD_TOO_LARGE -> 413;
            case INVALID_TOPIC_NAME,
                    INVALID_PARTITION_COUNT,
                    INVALID_REPLICATION_FACTOR,
                    INVALID_CONFIG,
                    INVALID_REQUEST,
                    CORRUPT_BATCH,
                    INVALID_RECORD,
                    UNSUPPORTED_COMPRESSION,
                    INVALID_TIMESTAMP,
                    OFFSET_OUT_OF_RANGE,
                    POLICY_VIOLATION -> 400;
            case DISK_FULL, STORAGE_FAULT, OVERLOADED, NOT_OWNER -> 503;
        };
    }
}
