package io.millrace.loadtest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// What was measured, second by second, and as a whole. Latencies are microseconds.
///
/// Threads: any records; one samples.
final class Timeline {
    private static final int DIGITS = 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final Measure acknowledged = new Measure();
    private final Measure received = new Measure();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private final long begin = System.nanoTime();

    /// One kind of latency.
    private static final class Measure {
        private final Recorder recorder = new Recorder(DIGITS);
        private final Histogram all = new Histogram(DIGITS);

        private Histogram take() {
            Histogram interval = recorder.getIntervalHistogram();
            all.add(interval);
            return interval;
        }
    }

    /// Counts and latencies of one stretch.
    record Latencies(long count, long p50, long p99, long p999, long max) {
        static Latencies of(Histogram histogram) {
            return new Latencies(
                    histogram.getTotalCount(),
                    histogram.getValueAtPercentile(50),
                    histogram.getValueAtPercentile(99),
                    histogram.getValueAtPercentile(99.9),
                    histogram.getMaxValue());
        }
    }

    /// One stretch.
    ///
    /// @param second at its end, since the beginning
    record Sample(double second, Latencies acknowledged, Latencies received) {}

    /// Something that happened, for the charts.
    record Mark(double second, String what) {}

    void acknowledged(long sentNanos) {
        acknowledged.recorder.recordValue(micros(sentNanos));
    }

    void received(long sentNanos) {
        received.recorder.recordValue(micros(sentNanos));
    }

    private static long micros(long sentNanos) {
        return Math.max(0, (System.nanoTime() - sentNanos) / 1_000);
    }

    private double second() {
        return (System.nanoTime() - begin) / 1e9;
    }

    void mark(String what) {
        locked(() -> marks.add(new Mark(second(), what)));
    }

    /// Ends a stretch.
    Sample sample() {
        return locked(() -> {
            Sample sample = new Sample(second(), Latencies.of(acknowledged.take()), Latencies.of(received.take()));
            samples.add(sample);
            return sample;
        });
    }

    List<Sample> samples() {
        return locked(() -> List.copyOf(samples));
    }

    List<Mark> marks() {
        return locked(() -> List.copyOf(marks));
    }

    /// Of everything that was sampled.
    Sample whole() {
        return locked(() -> new Sample(second(), Latencies.of(acknowledged.all), Latencies.of(received.all)));
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }
}
