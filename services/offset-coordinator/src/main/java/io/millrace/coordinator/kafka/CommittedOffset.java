package io.millrace.coordinator.kafka;

/// How far a group has read one partition.
///
/// @param offset of the next record to read
/// @param metadata the text that the client committed with it
public record CommittedOffset(String topic, int partition, long offset, String metadata) {}
