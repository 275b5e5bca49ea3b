package io.millrace.model;

/// Why a request was turned down; nothing of it is in the log, and nothing ever will be.
///
/// Each is turned into a Kafka error code in one place, `KafkaErrors`, and into an HTTP status in one place,
/// `Problems`.
public enum Refusal {
    UNKNOWN_TOPIC,
    UNKNOWN_PARTITION,
    TOPIC_EXISTS,
    INVALID_TOPIC_NAME,
    INVALID_PARTITION_COUNT,
    INVALID_REPLICATION_FACTOR,
    INVALID_CONFIG,
    INVALID_REQUEST,
    CORRUPT_BATCH,
    INVALID_RECORD,
    UNSUPPORTED_COMPRESSION,
    INVALID_TIMESTAMP,
    RECORD_TOO_LARGE,
    OUT_OF_ORDER_SEQUENCE,
    DUPLICATE_SEQUENCE,
    INVALID_PRODUCER_EPOCH,
    UNKNOWN_PRODUCER_ID,
    OFFSET_OUT_OF_RANGE,
    FENCED_LEADER_EPOCH,
    UNKNOWN_LEADER_EPOCH,
    POLICY_VIOLATION,
    /// The disk is full: reads go on, and writes work again when space returns.
    DISK_FULL,
    /// The log was poisoned by a failed write or force.
    STORAGE_FAULT,
    /// A bound in the configuration is reached; the same request may pass later.
    OVERLOADED,
    /// This instance does not own the shard.
    NOT_OWNER
}
