package io.millrace.api.http;

import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ProducerSummary;
import io.millrace.model.Refusal;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.util.List;
import java.util.Map;

/// Commands and their outcomes as bytes.
final class CommandCodec {

    /// Three empty strings: name, operation, value.
    private static final int CHANGE_BYTES_MIN = 3 * Integer.BYTES;

    private static final int PRODUCER_BYTES = 2 * Long.BYTES + 2 * Integer.BYTES;

    private CommandCodec() {}

    static void write(WireWriter out, Command command) {
        switch (command) {
            case Command.CreateTopic create -> writeCreate(out.putByte(1), create);
            case Command.DeleteTopic(TopicId topicId) -> ModelCodec.writeTopicId(out.putByte(2), topicId);
            case Command.CreatePartitions(TopicId topicId, int partitionCount, Command.Mode mode) -> {
                ModelCodec.writeTopicId(out.putByte(3), topicId);
                out.putInt(partitionCount).putString(mode.name());
            }
            case Command.AlterTopicConfigs(TopicId topicId, List<ConfigChange> changes, Command.Mode mode) -> {
                ModelCodec.writeTopicId(out.putByte(4), topicId);
                writeChanges(out, changes);
                out.putString(mode.name());
            }
            case Command.DeleteRecords(PartitionId partitionId, long beforeOffset) -> {
                ModelCodec.writePartitionId(out.putByte(5), partitionId);
                out.putLong(beforeOffset);
            }
            case Command.AllocateProducerIds(int count) -> out.putByte(6).putInt(count);
            case Command.DescribeProducers(PartitionId partitionId) ->
                ModelCodec.writePartitionId(out.putByte(8), partitionId);
            case Command.AlterResource(Resource resource, List<ConfigChange> changes, Command.Mode mode) -> {
                ModelCodec.writeResource(out.putByte(7), resource);
                writeChanges(out, changes);
                out.putString(mode.name());
            }
        }
    }

    static Command read(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> readCreate(in);
            case 2 -> new Command.DeleteTopic(in.readTopicId());
            case 3 -> new Command.CreatePartitions(in.readTopicId(), in.readInt(), readMode(in));
            case 4 -> new Command.AlterTopicConfigs(in.readTopicId(), readChanges(in), readMode(in));
            case 5 -> new Command.DeleteRecords(in.readPartitionId(), in.readLong());
            case 6 -> new Command.AllocateProducerIds(in.readInt());
            case 8 -> new Command.DescribeProducers(in.readPartitionId());
            case 7 -> new Command.AlterResource(ModelCodec.readResource(in), readChanges(in), readMode(in));
            default -> throw WireReader.unknown("kind of command", kind);
        };
    }

    static void writeOutcome(WireWriter out, CommandOutcome outcome) {
        switch (outcome) {
            case CommandOutcome.TopicStored(Topic topic) -> ModelCodec.writeTopic(out.putByte(1), topic);
            case CommandOutcome.TopicDeleted(TopicId topicId) -> ModelCodec.writeTopicId(out.putByte(2), topicId);
            case CommandOutcome.RecordsDeleted(long logStartOffset) ->
                out.putByte(3).putLong(logStartOffset);
            case CommandOutcome.ProducerIds(long firstId, int count) ->
                out.putByte(4).putLong(firstId).putInt(count);
            case CommandOutcome.Refused(Refusal refusal, String message) ->
                out.putByte(5).putString(refusal.name()).putString(message);
            case CommandOutcome.Unknown(String message) -> out.putByte(6).putString(message);
            case CommandOutcome.ProducersDescribed(List<ProducerSummary> producers) -> {
                out.putByte(8).putInt(producers.size());
                producers.forEach(each -> writeProducer(out, each));
            }
            case CommandOutcome.ResourceStored(Resource resource, Map<String, String> configs) -> {
                ModelCodec.writeResource(out.putByte(7), resource);
                ModelCodec.writeConfigs(out, configs);
            }
        }
    }

    static CommandOutcome readOutcome(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> new CommandOutcome.TopicStored(ModelCodec.readTopic(in));
            case 2 -> new CommandOutcome.TopicDeleted(in.readTopicId());
            case 3 -> new CommandOutcome.RecordsDeleted(in.readLong());
            case 4 -> new CommandOutcome.ProducerIds(in.readLong(), in.readInt());
            case 5 -> new CommandOutcome.Refused(in.readRefusal(), in.readString());
            case 6 -> new CommandOutcome.Unknown(in.readString());
            case 8 -> new CommandOutcome.ProducersDescribed(in.readList(PRODUCER_BYTES, CommandCodec::readProducer));
            case 7 -> new CommandOutcome.ResourceStored(ModelCodec.readResource(in), ModelCodec.readConfigs(in));
            default -> throw WireReader.unknown("outcome of a command", kind);
        };
    }

    private static void writeProducer(WireWriter out, ProducerSummary producer) {
        out.putLong(producer.producerId())
                .putInt(producer.epoch())
                .putInt(producer.lastSequence())
                .putLong(producer.lastMillis());
    }

    private static ProducerSummary readProducer(WireReader in) {
        return new ProducerSummary(in.readLong(), (short) in.readInt(), in.readInt(), in.readLong());
    }

    private static void writeCreate(WireWriter out, Command.CreateTopic create) {
        out.putString(create.name()).putInt(create.partitionCount()).putInt(create.replicationFactor());
        ModelCodec.writeConfigs(out, create.configs());
        out.putString(create.mode().name());
    }

    private static Command readCreate(WireReader in) {
        String name = in.readString();
        int partitionCount = in.readInt();
        int replicationFactor = in.readInt();
        Map<String, String> configs = ModelCodec.readConfigs(in);
        return new Command.CreateTopic(name, partitionCount, replicationFactor, configs, readMode(in));
    }

    private static Command.Mode readMode(WireReader in) {
        return Command.Mode.valueOf(in.readString());
    }

    private static void writeChanges(WireWriter out, List<ConfigChange> changes) {
        out.putInt(changes.size());
        changes.forEach(change -> writeChange(out, change));
    }

    private static List<ConfigChange> readChanges(WireReader in) {
        return in.readList(CHANGE_BYTES_MIN, CommandCodec::readChange);
    }

    private static void writeChange(WireWriter out, ConfigChange change) {
        out.putString(change.name()).putString(change.operation().name()).putString(change.value());
    }

    private static ConfigChange readChange(WireReader in) {
        return new ConfigChange(in.readString(), ConfigChange.Operation.valueOf(in.readString()), in.readString());
    }
}
