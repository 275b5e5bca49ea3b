package io.millrace.partition;

import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import io.millrace.model.TopicId;
import io.millrace.model.TopicNames;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides the catalog's commands for one round, each against the catalog and against the earlier ones.
///
/// Threads: the commit thread. Source: Kafka's errors and messages for topic administration.
final class CatalogDraft {

    /// As in Kafka.
    private static final int NEW_PARTITION_COUNT_MAX = 10_000;

    private static final int PRODUCER_ID_COUNT_MAX = 1_000_000;

    private final CatalogState state;
    private final CatalogLimits limits;
    private final Supplier<TopicId> newTopicIds;
    /// Empty for one that was deleted in this round.
    private final Map<TopicId, Optional<Topic>> changed = new HashMap<>();

    private final Map<String, Optional<Topic>> changedByName = new HashMap<>();
    private final Map<Resource, Map<String, String>> changedResources = new HashMap<>();
    private long nextProducerId;
    private int partitionCount;
    private int resourceCount;

    CatalogDraft(CatalogState state, CatalogLimits limits, Supplier<TopicId> newTopicIds) {
        this.state = state;
        this.limits = limits;
        this.newTopicIds = newTopicIds;
        this.nextProducerId = state.nextProducerId();
        this.partitionCount = state.partitionCount();
        this.resourceCount = state.catalog().resources().size();
    }

    @Nullable
    Topic find(TopicId topicId) {
        Optional<Topic> drafted = changed.get(topicId);
        return drafted != null ? drafted.orElse(null) : state.find(topicId);
    }

    @Nullable
    AppendRules rules(TopicId topicId) {
        Optional<Topic> drafted = changed.get(topicId);
        return drafted != null ? drafted.map(AppendRules::of).orElse(null) : state.rules(topicId);
    }

    private @Nullable Topic findUnified(String name) {
        Optional<Topic> drafted = changedByName.get(TopicNames.unified(name));
        return drafted != null ? drafted.orElse(null) : state.findUnified(name);
    }

    CommandDecision create(Command.CreateTopic command) {
        Optional<String> badName = TopicNames.problem(command.name());
        if (badName.isPresent()) {
            return new CommandDecision.Refuse(Refusal.INVALID_TOPIC_NAME, badName.get());
        }
        Topic like = findUnified(command.name());
        if (like != null && like.name().equals(command.name())) {
            return new CommandDecision.Refuse(Refusal.TOPIC_EXISTS, "Topic '" + command.name() + "' already exists.");
        }
        if (like != null) {
            return new CommandDecision.Refuse(
                    Refusal.INVALID_TOPIC_NAME,
                    "Topic '" + command.name() + "' collides with existing topic: " + like.name());
        }
        int count = command.partitionCount() == -1 ? limits.defaultPartitionCount() : command.partitionCount();
        if (count < 1) {
            return new CommandDecision.Refuse(
                    Refusal.INVALID_PARTITION_COUNT, "Number of partitions was set to an invalid non-positive value.");
        }
        CommandDecision.Refuse refusal = badReplication(command.replicationFactor());
        if (refusal == null) {
            refusal = tooMany(count);
        }
        if (refusal == null) {
            refusal = badConfigs(command.configs());
        }
        if (refusal != null) {
            return refusal;
        }
        Topic topic = new Topic(newTopicIds.get(), command.name(), count, command.configs());
        return stored(topic, null, command.mode());
    }

    private CommandDecision.@Nullable Refuse badReplication(int factor) {
        if (factor == -1 || (factor >= 1 && factor <= limits.replicationFactorMax())) {
            return null;
        }
        String message = factor < 1
                ? "Replication factor must be larger than 0, or -1 to use the default value."
                : "Unable to replicate the partition " + factor + " time(s): one replica is kept. To accept larger "
                        + "factors all the same, set millrace.wal-store.accepted-replication-factor-max.";
        return new CommandDecision.Refuse(Refusal.INVALID_REPLICATION_FACTOR, message);
    }

    private CommandDecision.@Nullable Refuse tooMany(int newPartitionCount) {
        if (newPartitionCount > NEW_PARTITION_COUNT_MAX) {
            return new CommandDecision.Refuse(
                    Refusal.POLICY_VIOLATION, "Excessively large number of partitions per request.");
        }
        if (partitionCount + newPartitionCount > limits.partitionCountMax()) {
            return new CommandDecision.Refuse(
                    Refusal.POLICY_VIOLATION,
                    "The shard has " + partitionCount + " partitions, and " + newPartitionCount
                            + " more would be over its limit of " + limits.partitionCountMax() + ".");
        }
        return null;
    }

    private CommandDecision.@Nullable Refuse badConfigs(Map<String, String> configs) {
        Optional<String> problem = TopicConfigs.problem(configs).or(() -> tooManyReplicas(configs));
        return problem.map(message -> new CommandDecision.Refuse(Refusal.INVALID_CONFIG, message))
                .orElse(null);
    }

    private Optional<String> tooManyReplicas(Map<String, String> configs) {
        int wanted = TopicConfigs.minInsyncReplicas(configs);
        return wanted <= limits.replicationFactorMax()
                ? Optional.empty()
                : Optional.of("min.insync.replicas is " + wanted + ": one replica is kept. To accept larger numbers all"
                        + " the same, set millrace.wal-store.accepted-replication-factor-max.");
    }

    /// The topic becomes this, unless it was only asked whether it could.
    private CommandDecision stored(Topic topic, @Nullable Topic before, Command.Mode mode) {
        if (EntryCodec.topicBytes(topic) > ShardState.TOPIC_BYTES_MAX) {
            return new CommandDecision.Refuse(
                    Refusal.POLICY_VIOLATION, "The configurations of topic '" + topic.name() + "' are too large.");
        }
        CommandOutcome outcome = new CommandOutcome.TopicStored(topic);
        if (mode == Command.Mode.VALIDATE_ONLY || topic.equals(before)) {
            return new CommandDecision.NothingToDo(outcome);
        }
        change(topic.id(), topic.name(), Optional.of(topic));
        partitionCount += topic.partitionCount() - (before == null ? 0 : before.partitionCount());
        return new CommandDecision.Accept(new Entry.TopicStored(topic), outcome);
    }

    private void change(TopicId topicId, String name, Optional<Topic> topic) {
        changed.put(topicId, topic);
        changedByName.put(TopicNames.unified(name), topic);
    }

    CommandDecision delete(Command.DeleteTopic command) {
        Topic topic = find(command.topicId());
        if (topic == null) {
            return unknown(command.topicId());
        }
        change(topic.id(), topic.name(), Optional.empty());
        partitionCount -= topic.partitionCount();
        return new CommandDecision.Accept(
                new Entry.TopicDeleted(topic.id()), new CommandOutcome.TopicDeleted(topic.id()));
    }

    private static CommandDecision.Refuse unknown(TopicId topicId) {
        return new CommandDecision.Refuse(Refusal.UNKNOWN_TOPIC, "There is no topic with id " + topicId + ".");
    }

    CommandDecision createPartitions(Command.CreatePartitions command) {
        Topic topic = find(command.topicId());
        if (topic == null) {
            return unknown(command.topicId());
        }
        int added = command.partitionCount() - topic.partitionCount();
        if (added <= 0) {
            String message = added == 0
                    ? "Topic already has " + topic.partitionCount() + " partition(s)."
                    : "The topic " + topic.name() + " currently has " + topic.partitionCount() + " partition(s); "
                            + command.partitionCount() + " would not be an increase.";
            return new CommandDecision.Refuse(Refusal.INVALID_PARTITION_COUNT, message);
        }
        CommandDecision.Refuse refusal = tooMany(added);
        if (refusal != null) {
            return refusal;
        }
        Topic larger = new Topic(topic.id(), topic.name(), command.partitionCount(), topic.configs());
        return stored(larger, topic, command.mode());
    }

    CommandDecision alterConfigs(Command.AlterTopicConfigs command) {
        Topic topic = find(command.topicId());
        if (topic == null) {
            return unknown(command.topicId());
        }
        ConfigChanges changes = ConfigChanges.of(topic);
        Optional<String> problem = changes.apply(command.changes());
        if (problem.isPresent()) {
            return new CommandDecision.Refuse(Refusal.INVALID_CONFIG, problem.get());
        }
        Map<String, String> configs = changes.configs();
        CommandDecision.Refuse refusal = badConfigs(configs);
        if (refusal != null) {
            return refusal;
        }
        Topic altered = new Topic(topic.id(), topic.name(), topic.partitionCount(), configs);
        return stored(altered, topic, command.mode());
    }

    CommandDecision alterResource(Command.AlterResource command) {
        Resource resource = command.resource();
        if (resource.name().isEmpty() || resource.name().length() > Resource.NAME_LENGTH_MAX) {
            return new CommandDecision.Refuse(
                    Refusal.INVALID_REQUEST,
                    "The name of a resource has 1 to " + Resource.NAME_LENGTH_MAX + " characters.");
        }
        Map<String, String> before =
                changedResources.getOrDefault(resource, state.catalog().configs(resource));
        ConfigChanges changes = ConfigChanges.of(resource.kind(), before);
        Optional<String> problem =
                changes.apply(command.changes()).or(() -> ResourceConfigs.problem(resource.kind(), changes.configs()));
        if (problem.isPresent()) {
            return new CommandDecision.Refuse(Refusal.INVALID_CONFIG, problem.get());
        }
        return stored(resource, new Change(before, changes.configs()), command.mode());
    }

    /// What a resource has, and what it is to have.
    private record Change(Map<String, String> before, Map<String, String> after) {}

    private CommandDecision stored(Resource resource, Change change, Command.Mode mode) {
        int added = (change.after().isEmpty() ? 0 : 1) - (change.before().isEmpty() ? 0 : 1);
        if (resourceCount + added > limits.resourceCountMax()) {
            return new CommandDecision.Refuse(
                    Refusal.POLICY_VIOLATION,
                    "There are " + resourceCount + " configured groups, quotas and client metrics, and no more than "
                            + limits.resourceCountMax() + " may be.");
        }
        if (EntryCodec.resourceBytes(resource, change.after()) > ShardState.TOPIC_BYTES_MAX) {
            return new CommandDecision.Refuse(
                    Refusal.POLICY_VIOLATION, "The configurations of " + resource.name() + " are too large.");
        }
        CommandOutcome outcome = new CommandOutcome.ResourceStored(resource, change.after());
        if (mode == Command.Mode.VALIDATE_ONLY || change.after().equals(change.before())) {
            return new CommandDecision.NothingToDo(outcome);
        }
        changedResources.put(resource, change.after());
        resourceCount += added;
        return new CommandDecision.Accept(new Entry.ResourceStored(resource, change.after()), outcome);
    }

    CommandDecision allocateProducerIds(Command.AllocateProducerIds command) {
        if (command.count() < 1 || command.count() > PRODUCER_ID_COUNT_MAX) {
            return new CommandDecision.Refuse(
                    Refusal.INVALID_REQUEST, "A block has 1 to " + PRODUCER_ID_COUNT_MAX + " producer ids.");
        }
        long first = nextProducerId;
        nextProducerId = first + command.count();
        return new CommandDecision.Accept(
                new Entry.ProducerIdsGiven(first, command.count()),
                new CommandOutcome.ProducerIds(first, command.count()));
    }
}
