package io.millrace.loadtest;

/// What a record says of itself.
///
/// @param run tells the records of this run from older ones
/// @param sentNanos when it was handed to the producer, on this process's own clock
record Stamp(long run, int producer, long sequence, long sentNanos) {}
