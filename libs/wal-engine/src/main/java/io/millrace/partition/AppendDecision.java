package io.millrace.partition;

import io.millrace.model.Refusal;

/// What is decided for one batch.
public sealed interface AppendDecision {

    /// It becomes this entry.
    record Accept(Entry.BatchAppended entry) implements AppendDecision {}

    /// It is in the log, or in the round that is being put together: then the answer waits until that is durable.
    record Duplicate(long baseOffset, Standing standing) implements AppendDecision {}

    record Refuse(Refusal refusal, String message) implements AppendDecision {}

    /// Whether the first copy is durable.
    enum Standing {
        DURABLE,
        IN_THIS_ROUND
    }
}
