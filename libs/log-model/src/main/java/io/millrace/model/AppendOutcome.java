package io.millrace.model;

/// What became of one record batch; exactly one outcome per batch reaches the producer.
///
/// Threads: immutable. Units: record offsets in the partition. Source: KIP-98 (duplicates), KIP-467 (messages).
public sealed interface AppendOutcome {

    /// Durable, and visible to readers.
    ///
    /// @param logAppendTimeMillis the time that the log gave the batch, or -1 if it kept the producer's timestamps
    record Appended(long baseOffset, long logStartOffset, long logAppendTimeMillis) implements AppendOutcome {}

    /// A retry of a batch that is already in the log, durably; carries the offset of the first append.
    record Duplicate(long baseOffset, long logStartOffset) implements AppendOutcome {}

    /// Not in the log, and never will be.
    ///
    /// @param message what the client's developer needs to know
    record Refused(Refusal refusal, String message) implements AppendOutcome {}

    /// The store went silent after the batch was sent: it may be in the log.
    record Unknown(String message) implements AppendOutcome {}
}
