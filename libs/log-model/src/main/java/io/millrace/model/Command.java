package io.millrace.model;

import java.util.List;
import java.util.Map;

/// Something that changes the catalog or a partition's bounds, decided by the owner of the shard.
///
/// Threads: immutable.
public sealed interface Command {

    /// Makes a topic.
    ///
    /// @param partitionCount -1 for the owner's default
    /// @param replicationFactor -1 for the owner's default; more than the owner keeps is refused
    record CreateTopic(String name, int partitionCount, int replicationFactor, Map<String, String> configs, Mode mode)
            implements Command {
        public CreateTopic {
            configs = Map.copyOf(configs);
        }
    }

    record DeleteTopic(TopicId topicId) implements Command {}

    /// Adds partitions to a topic.
    ///
    /// @param partitionCount the new total, more than today's
    record CreatePartitions(TopicId topicId, int partitionCount, Mode mode) implements Command {}

    record AlterTopicConfigs(TopicId topicId, List<ConfigChange> changes, Mode mode) implements Command {
        public AlterTopicConfigs {
            changes = List.copyOf(changes);
        }
    }

    /// Changes what something besides a topic is configured to.
    record AlterResource(Resource resource, List<ConfigChange> changes, Mode mode) implements Command {
        public AlterResource {
            changes = List.copyOf(changes);
        }
    }

    /// Moves the log start offset up.
    ///
    /// @param beforeOffset the new log start offset, or -1 for the high watermark
    record DeleteRecords(PartitionId partitionId, long beforeOffset) implements Command {}

    /// Tells the idempotent producers of a partition; changes nothing, and is here because only the owner's commit
    /// thread knows them.
    record DescribeProducers(PartitionId partitionId) implements Command {}

    /// Hands out a block of producer ids that nobody got before.
    record AllocateProducerIds(int count) implements Command {}

    /// Whether to do it, or only to say whether it could be done.
    enum Mode {
        EXECUTE,
        VALIDATE_ONLY
    }

    /// One change of one configuration. Source: KIP-339.
    record ConfigChange(String name, Operation operation, String value) {
        public enum Operation {
            SET,
            DELETE,
            APPEND,
            SUBTRACT
        }
    }
}
