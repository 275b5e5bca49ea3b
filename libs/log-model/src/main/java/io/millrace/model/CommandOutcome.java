package io.millrace.model;

/// What became of a [Command]; everything but `Refused` and `Unknown` is durable when it is answered.
public sealed interface CommandOutcome {

    /// The topic as it is now (or would be, for a validation).
    record TopicStored(Topic topic) implements CommandOutcome {}

    record TopicDeleted(TopicId topicId) implements CommandOutcome {}

    record RecordsDeleted(long logStartOffset) implements CommandOutcome {}

    record ProducerIds(long firstId, int count) implements CommandOutcome {}

    record Refused(Refusal refusal, String message) implements CommandOutcome {}

    /// The store went silent after the command was sent: it may have been done.
    record Unknown(String message) implements CommandOutcome {}
}
