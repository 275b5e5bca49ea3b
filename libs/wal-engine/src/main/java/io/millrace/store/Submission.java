package io.millrace.store;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.partition.ShardState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A request that waits for a round, and the future of its answer.
sealed interface Submission {

    /// What it counts against the queue's bound.
    int bytes();

    void refuse(Refusal refusal, String message);

    void answerUnknown(String message);

    record Append(
            AppendSession session, PartitionId partitionId, RecordBatch batch, CompletableFuture<AppendOutcome> answer)
            implements Submission {

        @Override
        public int bytes() {
            return batch.sizeInBytes();
        }

        @Override
        public void refuse(Refusal refusal, String message) {
            answer.complete(new AppendOutcome.Refused(refusal, message));
        }

        @Override
        public void answerUnknown(String message) {
            answer.complete(new AppendOutcome.Unknown(message));
        }
    }

    record Execution(Command command, CompletableFuture<CommandOutcome> answer) implements Submission {

        private static final int SMALL_BYTES = 256;
        private static final int BYTES_PER_CHARACTER_MAX = 3;

        /// At least what its entry has.
        @Override
        public int bytes() {
            return switch (command) {
                case Command.CreateTopic create -> {
                    long characters = create.name().length();
                    for (Map.Entry<String, String> config : create.configs().entrySet()) {
                        characters +=
                                config.getKey().length() + config.getValue().length() + SMALL_BYTES;
                    }
                    long bytes = SMALL_BYTES + BYTES_PER_CHARACTER_MAX * characters;
                    // What is larger will be refused.
                    yield (int) Math.min(bytes, ShardState.TOPIC_BYTES_MAX);
                }
                case Command.AlterTopicConfigs _, Command.AlterResource _, Command.CreatePartitions _ ->
                    ShardState.TOPIC_BYTES_MAX;
                case Command.DeleteTopic _,
                        Command.DeleteRecords _,
                        Command.DescribeProducers _,
                        Command.AllocateProducerIds _ -> SMALL_BYTES;
            };
        }

        @Override
        public void refuse(Refusal refusal, String message) {
            answer.complete(new CommandOutcome.Refused(refusal, message));
        }

        @Override
        public void answerUnknown(String message) {
            answer.complete(new CommandOutcome.Unknown(message));
        }
    }
}
