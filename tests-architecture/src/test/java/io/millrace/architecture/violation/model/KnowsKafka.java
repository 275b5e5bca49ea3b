package io.millrace.architecture.violation.model;

import org.apache.kafka.common.protocol.Errors;

/// Kafka in the vocabulary.
final class KnowsKafka {
    Errors none() {
        return Errors.NONE;
    }
}
