package io.millrace.store;

import java.time.Clock;
import java.util.random.RandomGenerator;

/// The time and the chance that a store uses.
///
/// @param clock for the times of rounds
/// @param nanoClock for durations
/// @param random for topic ids, the cluster id and salts; used by one thread at a time
public record StoreEnvironment(Clock clock, NanoClock nanoClock, RandomGenerator random) {}
