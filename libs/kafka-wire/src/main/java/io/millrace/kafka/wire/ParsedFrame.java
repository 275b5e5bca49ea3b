package io.millrace.kafka.wire;

/// What a frame turned out to be.
///
/// Threads: immutable.
public sealed interface ParsedFrame {

    record Parsed(KafkaRequest request) implements ParsedFrame {}

    /// Nothing that Kafka would answer; the connection closes.
    record Malformed(String reason) implements ParsedFrame {}
}
