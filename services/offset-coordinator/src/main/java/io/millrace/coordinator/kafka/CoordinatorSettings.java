package io.millrace.coordinator.kafka;

import java.util.Map;

/// How the embedded coordinator is set up.
///
/// @param nodeId the Kafka node that this service is
/// @param shards groups hash onto them; fixed for the life of the store
/// @param internalTopicsMax topics that Streams groups may be creating at once, and that are remembered as failed
/// @param kafkaProperties broker settings of Kafka, `group.*` and `offsets.*`; what is not named has Kafka's default
public record CoordinatorSettings(int nodeId, int shards, int internalTopicsMax, Map<String, String> kafkaProperties) {

    public CoordinatorSettings {
        kafkaProperties = Map.copyOf(kafkaProperties);
    }
}
