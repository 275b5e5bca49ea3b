package io.millrace.api.http;

import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.util.List;
import java.util.Map;

/// Commands and their outcomes as bytes.
final class CommandCodec {

    /// Three empty strings: name, operation, value.
    private static final int CHANGE_BYTES_MIN = 3 * Integer.BYTES;

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
                out.putInt(changes.size());
                changes.forEach(change -> writeChange(out, change));
                out.putString(mode.name());
            }
            case Command.DeleteRecords(PartitionId partitionId, long beforeOffset) -> {
                ModelCodec.writePartitionId(out.putByte(5), partitionId);
                out.putLong(beforeOffset);
            }
            case Command.AllocateProducerIds(int count) -> out.putByte(6).putInt(count);
        }
    }

    static Command read(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 1 -> readCreate(in);
            case 2 -> new Command.DeleteTopic(in.readTopicId());
            case 3 -> new Command.CreatePartitions(in.readTopicId(), in.readInt(), readMode(in));
            case 4 ->
                new Command.AlterTopicConfigs(
                        in.readTopicId(), in.readList(CHANGE_BYTES_MIN, CommandCodec::readChange), readMode(in));
            case 5 -> new Command.DeleteRecords(in.readPartitionId(), in.readLong());
            case 6 -> new Command.AllocateProducerIds(in.readInt());
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
            default -> throw WireReader.unknown("outcome of a command", kind);
        };
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

    private static void writeChange(WireWriter out, ConfigChange change) {
        out.putString(change.name()).putString(change.operation().name()).putString(change.value());
    }

    private static ConfigChange readChange(WireReader in) {
        return new ConfigChange(in.readString(), ConfigChange.Operation.valueOf(in.readString()), in.readString());
    }
}
