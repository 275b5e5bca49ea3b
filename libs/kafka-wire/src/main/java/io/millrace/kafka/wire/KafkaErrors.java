package io.millrace.kafka.wire;

import io.millrace.model.Refusal;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.protocol.Errors;

/// The one place where what happened becomes a Kafka error code.
///
/// Threads: stateless.
public final class KafkaErrors {

    private KafkaErrors() {}

    /// What the store turned down; see the Kafka documentation, "Error codes", for which of them clients retry.
    public static Errors of(Refusal refusal) {
        return switch (refusal) {
            case UNKNOWN_TOPIC, UNKNOWN_PARTITION -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            case TOPIC_EXISTS -> Errors.TOPIC_ALREADY_EXISTS;
            case INVALID_TOPIC_NAME -> Errors.INVALID_TOPIC_EXCEPTION;
            case INVALID_PARTITION_COUNT -> Errors.INVALID_PARTITIONS;
            case INVALID_REPLICATION_FACTOR -> Errors.INVALID_REPLICATION_FACTOR;
            case INVALID_CONFIG -> Errors.INVALID_CONFIG;
            case INVALID_REQUEST -> Errors.INVALID_REQUEST;
            case CORRUPT_BATCH -> Errors.CORRUPT_MESSAGE;
            case INVALID_RECORD -> Errors.INVALID_RECORD;
            case UNSUPPORTED_COMPRESSION -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
            case INVALID_TIMESTAMP -> Errors.INVALID_TIMESTAMP;
            case RECORD_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case DUPLICATE_SEQUENCE -> Errors.DUPLICATE_SEQUENCE_NUMBER;
            case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
            case UNKNOWN_PRODUCER_ID -> Errors.UNKNOWN_PRODUCER_ID;
            case OFFSET_OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
            case FENCED_LEADER_EPOCH -> Errors.FENCED_LEADER_EPOCH;
            case UNKNOWN_LEADER_EPOCH -> Errors.UNKNOWN_LEADER_EPOCH;
            case POLICY_VIOLATION -> Errors.POLICY_VIOLATION;
            case DISK_FULL, STORAGE_FAULT -> Errors.KAFKA_STORAGE_ERROR;
            // Every client retries it, with a pause.
            case OVERLOADED -> Errors.REQUEST_TIMED_OUT;
            case NOT_OWNER -> Errors.NOT_LEADER_OR_FOLLOWER;
        };
    }

    /// A read that the store turned down. Consumers fail on a time-out in a partition's answer, where they retry it in
    /// every other place.
    public static Errors ofRead(Refusal refusal) {
        return refusal == Refusal.OVERLOADED ? ofFailedLookUp() : of(refusal);
    }

    /// A write whose fate nobody knows: Kafka's producers take a time-out for "perhaps written".
    public static Errors ofUnknownFate() {
        return Errors.REQUEST_TIMED_OUT;
    }

    /// A read or look-up that failed on the way: clients come back, and take it for no news about the data.
    public static Errors ofFailedLookUp() {
        return Errors.NOT_LEADER_OR_FOLLOWER;
    }

    /// A failure of a handler; what has no Kafka error of its own is an unknown server error.
    public static Errors of(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return cause instanceof TimeoutException ? Errors.REQUEST_TIMED_OUT : Errors.forException(cause);
    }

    /// The failure without the wrappers that futures put around it.
    static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
