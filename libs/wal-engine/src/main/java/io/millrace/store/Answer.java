package io.millrace.store;

import io.millrace.model.AppendOutcome;
import io.millrace.model.CommandOutcome;
import io.millrace.partition.AppendDecision;
import io.millrace.partition.Entry;

/// What a submission is told once its round is durable and applied.
///
/// Threads: immutable.
sealed interface Answer {

    Submission to();

    /// The batch is an entry of the round.
    record Appended(Submission.Append to, Entry.BatchAppended entry) implements Answer {

        void give(long logStartOffset) {
            to.answer()
                    .complete(new AppendOutcome.Appended(entry.baseOffset(), logStartOffset, entry.appendTimeMillis()));
        }
    }

    /// The batch was in the log or in the round already.
    record Repeated(Submission.Append to, AppendDecision.Duplicate duplicate) implements Answer {

        boolean isDurable() {
            return duplicate.standing() == AppendDecision.Standing.DURABLE;
        }

        void give(long logStartOffset) {
            to.answer().complete(new AppendOutcome.Duplicate(duplicate.baseOffset(), logStartOffset));
        }
    }

    record Done(Submission.Execution to, CommandOutcome outcome) implements Answer {

        void give() {
            to.answer().complete(outcome);
        }
    }
}
