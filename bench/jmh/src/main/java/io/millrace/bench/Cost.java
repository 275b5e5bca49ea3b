package io.millrace.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// Wall and processor time of a piece of work on this thread.
///
/// Units: nanoseconds.
record Cost(long nanos, long cpuNanos) {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// What is measured.
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    static Cost of(Work work) throws IOException {
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        work.run();
        long nanos = System.nanoTime() - start;
        return new Cost(nanos, THREADS.getCurrentThreadCpuTime() - cpuStart);
    }
}
