package io.millrace.model;

/// The answer to an [OffsetQuery].
public sealed interface OffsetOutcome {

    /// There is such an offset.
    ///
    /// @param timestampMillis of the record found, -1 where the question was not about a timestamp
    /// @param leaderEpoch of the batch found, or the epoch whose end was asked for
    record Found(long offset, long timestampMillis, int leaderEpoch) implements OffsetOutcome {}

    /// No record has such a timestamp, or the epoch is not known.
    record NotFound() implements OffsetOutcome {}

    record Refused(Refusal refusal, String message) implements OffsetOutcome {}

    /// The store did not answer; asking again is safe.
    record Unknown(String message) implements OffsetOutcome {}
}
