package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import java.time.Clock;
import java.util.random.RandomGenerator;

/// The time and the chance that a store uses, and what knows the inside of batches.
///
/// @param clock for the times of rounds
/// @param nanoClock for durations
/// @param random for topic ids, the cluster id and salts; the commit and the upkeep thread use it
/// @param cleaner for compaction; the upkeep thread uses it
public record StoreEnvironment(Clock clock, NanoClock nanoClock, RandomGenerator random, BatchCleaner cleaner) {}
