package io.millrace.model;

/// The answer to an [OffsetQuery].
public sealed interface OffsetOutcome {

    /// The offset asked for.
    ///
    /// @param timestampMillis of the record found, -1 where the question was not about a timestamp
    /// @param leaderEpoch of the batch found, or the epoch whose end was asked for
    record Found(long offset, long timestampMillis, int leaderEpoch) implements OffsetOutcome {}

    /// The record lies in this compressed batch, which the engine cannot look into. For a query by timestamp it is
    /// the first record at or after `fromOffset` with that timestamp or a later one; for the largest timestamp it
    /// is the first one at or after `fromOffset` with the batch's max timestamp.
    ///
    /// @param fromOffset the batch's base offset: one that the log's start cuts is never handed out
    record InBatch(RecordBatch batch, long fromOffset) implements OffsetOutcome {}

    /// No record has such a timestamp, or the epoch is not known.
    record NotFound() implements OffsetOutcome {}

    record Refused(Refusal refusal, String message) implements OffsetOutcome {}

    /// The store did not answer; asking again is safe.
    record Unknown(String message) implements OffsetOutcome {}
}
