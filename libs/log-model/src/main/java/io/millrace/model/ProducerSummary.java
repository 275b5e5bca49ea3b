package io.millrace.model;

/// What is known of an idempotent producer in one partition.
///
/// Threads: immutable. Units: milliseconds of the log's time.
///
/// @param lastSequence of its last record
/// @param lastMillis when its last batch was appended
public record ProducerSummary(long producerId, short epoch, int lastSequence, long lastMillis) {}
