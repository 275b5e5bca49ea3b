package io.millrace.store;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
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

        /// A guess that keeps many large configurations from filling the memory.
        private static final int BYTES_GUESSED = 1024;

        @Override
        public int bytes() {
            return BYTES_GUESSED;
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
