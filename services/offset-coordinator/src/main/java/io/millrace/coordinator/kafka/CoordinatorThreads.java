package io.millrace.coordinator.kafka;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/// The threads that the service lends to the embedded coordinator, and stops after it was closed.
///
/// @param control one thread, which nothing blocks: elections, resignations, looks at the clock
/// @param loaders a small pool, which waits for the disk
public record CoordinatorThreads(ScheduledExecutorService control, Executor loaders) {}
