package io.millrace.coordinator.log;

/// A look at one tenure, for REST, health and metrics.
///
/// @param foldedUpTo the sequence at which the tail begins
/// @param durableEnd the sequence up to which everything is durable
/// @param nextSequence the slot of the next batch
/// @param oldestPutNanos how long the oldest put has been under way, 0 without one
public record TenureStatus(
        int epoch,
        long foldedUpTo,
        long durableEnd,
        long nextSequence,
        int putsInFlight,
        long inFlightBytes,
        long oldestPutNanos,
        int tailBatches) {}
