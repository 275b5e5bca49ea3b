package io.millrace.coordinator.log;

import java.util.function.LongSupplier;

/// Elapsed time, for measuring puts and pauses.
///
/// @param nanos counts up, from any origin
record LogClock(LongSupplier nanos) {

    long nanoTime() {
        return nanos.getAsLong();
    }
}
