package io.millrace.partition;

import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import io.millrace.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Decides the requests of one round, each against the durable state and against the earlier ones of the round.
///
/// Threads: the commit thread. It changes nothing: it is dropped once its round was applied or failed.
public final class ShardDraft {

    private final ShardState state;
    private final RoundContext context;
    private final CatalogDraft catalog;
    private final Map<PartitionId, PartitionDraft> partitions = new HashMap<>();
    private final List<PartitionLog> involved = new ArrayList<>();
    private final Map<PartitionId, Long> movedLogStarts = new HashMap<>();

    ShardDraft(ShardState state, RoundContext context, CatalogLimits limits, Supplier<TopicId> newTopicIds) {
        this.state = state;
        this.context = context;
        this.catalog = new CatalogDraft(state.catalogState(), limits, newTopicIds);
    }

    public AppendDecision decide(PartitionId partitionId, RecordBatch batch) {
        AppendRules rules = catalog.rules(partitionId.topicId());
        if (rules == null) {
            return new AppendDecision.Refuse(
                    Refusal.UNKNOWN_TOPIC, "There is no topic with id " + partitionId.topicId() + ".");
        }
        if (partitionId.partition() >= rules.topic().partitionCount()) {
            return new AppendDecision.Refuse(Refusal.UNKNOWN_PARTITION, unknownPartition(rules.topic(), partitionId));
        }
        PartitionDraft draft = partitions.get(partitionId);
        if (draft == null) {
            PartitionLog log = state.partitionOrNew(partitionId);
            involved.add(log);
            draft = new PartitionDraft(log, context);
            partitions.put(partitionId, draft);
        }
        return draft.decide(rules, batch);
    }

    /// Checks the partitions that the round appends to. All of them before the first one changes, since what the
    /// changes need comes into the processor's caches side by side then, not one after the other.
    public void checkEnds() {
        involved.forEach(PartitionLog::checkEnds);
    }

    private static String unknownPartition(Topic topic, PartitionId partitionId) {
        return "Topic " + topic.name() + " has no partition " + partitionId.partition() + ".";
    }

    public CommandDecision decide(Command command) {
        return switch (command) {
            case Command.CreateTopic create -> catalog.create(create);
            case Command.DeleteTopic delete -> catalog.delete(delete);
            case Command.CreatePartitions create -> catalog.createPartitions(create);
            case Command.AlterTopicConfigs alter -> catalog.alterConfigs(alter);
            case Command.AlterResource alter -> catalog.alterResource(alter);
            case Command.AllocateProducerIds allocate -> catalog.allocateProducerIds(allocate);
            case Command.DeleteRecords delete -> deleteRecords(delete);
            case Command.DescribeProducers describe -> describeProducers(describe.partitionId());
        };
    }

    private CommandDecision describeProducers(PartitionId partitionId) {
        Topic topic = catalog.find(partitionId.topicId());
        if (topic == null || partitionId.partition() >= topic.partitionCount()) {
            return new CommandDecision.Refuse(Refusal.UNKNOWN_PARTITION, "There is no partition " + partitionId + ".");
        }
        PartitionLog log = state.find(partitionId);
        return new CommandDecision.NothingToDo(new CommandOutcome.ProducersDescribed(
                log == null ? List.of() : log.producers().summaries(context.timeMillis())));
    }

    private CommandDecision deleteRecords(Command.DeleteRecords command) {
        PartitionId partitionId = command.partitionId();
        Topic topic = catalog.find(partitionId.topicId());
        PartitionLog log = state.find(partitionId);
        CommandDecision.Refuse refusal = undeletable(topic, command);
        if (refusal != null) {
            return refusal;
        }
        // A partition that is created in this very round has no state yet, and nothing to delete.
        long start = movedLogStarts.getOrDefault(partitionId, log == null ? 0 : log.logStartOffset());
        long highWatermark = log == null ? 0 : log.logEndOffset();
        long wanted = command.beforeOffset() == -1 ? highWatermark : command.beforeOffset();
        if (wanted < 0 || wanted > highWatermark) {
            return new CommandDecision.Refuse(
                    Refusal.OFFSET_OUT_OF_RANGE,
                    "Offset " + wanted + " lies outside of partition " + partitionId + ", which ends at "
                            + highWatermark + ".");
        }
        if (wanted <= start) {
            return new CommandDecision.NothingToDo(new CommandOutcome.RecordsDeleted(start));
        }
        movedLogStarts.put(partitionId, wanted);
        return new CommandDecision.Accept(
                new Entry.LogStartMoved(partitionId, wanted), new CommandOutcome.RecordsDeleted(wanted));
    }

    /// What retention deletes of a partition now; what this round appends is too new for it.
    public Optional<Expiry> expire(PartitionId partitionId, long nowMillis) {
        Topic topic = catalog.find(partitionId.topicId());
        PartitionLog log = state.find(partitionId);
        if (topic == null || log == null) {
            return Optional.empty();
        }
        Stretches stretches = log.stretches();
        int expired = RetentionRule.of(topic).expiredCount(stretches, nowMillis);
        long start = movedLogStarts.getOrDefault(partitionId, log.logStartOffset());
        if (expired == 0 || stretches.endOffset(expired - 1) <= start) {
            return Optional.empty();
        }
        long newStart = stretches.endOffset(expired - 1);
        movedLogStarts.put(partitionId, newStart);
        long bytes = 0;
        for (int i = 0; i < expired; i++) {
            bytes += stretches.bytes(i);
        }
        return Optional.of(new Expiry(new Entry.LogStartMoved(partitionId, newStart), bytes));
    }

    /// The beginning of a partition goes.
    ///
    /// @param bytes of the record batches in it
    public record Expiry(Entry.LogStartMoved entry, long bytes) {}

    private static CommandDecision.@Nullable Refuse undeletable(@Nullable Topic topic, Command.DeleteRecords command) {
        if (topic == null) {
            return new CommandDecision.Refuse(
                    Refusal.UNKNOWN_TOPIC,
                    "There is no topic with id " + command.partitionId().topicId() + ".");
        }
        if (command.partitionId().partition() >= topic.partitionCount()) {
            return new CommandDecision.Refuse(
                    Refusal.UNKNOWN_PARTITION, unknownPartition(topic, command.partitionId()));
        }
        if (!TopicConfigs.isDeletedByRetention(topic)) {
            return new CommandDecision.Refuse(
                    Refusal.POLICY_VIOLATION,
                    "Records of partition " + command.partitionId()
                            + " can not be deleted due to the configured policy");
        }
        return null;
    }
}
