package io.millrace.partition;

/// What is the same for all decisions of one round.
///
/// @param timeMillis of the round; never goes back from round to round
/// @param batchBytesMax the largest batch that the log takes, whatever a topic allows
public record RoundContext(int ownerEpoch, long timeMillis, int batchBytesMax) {}
