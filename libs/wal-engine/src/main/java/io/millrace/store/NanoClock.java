package io.millrace.store;

/// Elapsed time, as `System.nanoTime` gives it; only differences mean something.
///
/// Threads: safe for use by several threads. Units: nanoseconds.
@FunctionalInterface
public interface NanoClock {

    long nanos();
}
