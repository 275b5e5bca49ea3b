package io.millrace.coordinator.slots;

import java.time.Clock;
import java.util.random.RandomGenerator;

/// The time and the chance that a log uses.
///
/// @param clock for the times of rounds
/// @param random for the identity and salts
public record SlotEnvironment(Clock clock, RandomGenerator random) {}
