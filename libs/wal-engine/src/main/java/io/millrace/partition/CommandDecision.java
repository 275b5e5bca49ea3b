package io.millrace.partition;

import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;

/// What is decided for one command.
public sealed interface CommandDecision {

    /// It becomes this entry, and is answered so once that is durable.
    record Accept(Entry entry, CommandOutcome outcome) implements CommandDecision {}

    /// Nothing has to be written: it was a question, or is so already. The answer waits for the round all the same,
    /// since what it tells may depend on an earlier decision of the round.
    record NothingToDo(CommandOutcome outcome) implements CommandDecision {}

    record Refuse(Refusal refusal, String message) implements CommandDecision {}
}
