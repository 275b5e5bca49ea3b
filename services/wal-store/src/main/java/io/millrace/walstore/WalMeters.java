package io.millrace.walstore;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.store.RoundReport;
import java.util.concurrent.TimeUnit;

/// What each stage of the log does, as numbers.
///
/// Threads: the counting methods are called by the commit thread and by read threads; meters are safe for both.
final class WalMeters {

    private static final double[] PERCENTILES = {0.5, 0.99, 0.999};

    private final MeterRegistry registry;
    private final Counter batches;
    private final Counter commands;
    private final Counter batchBytes;
    private final Counter writtenBytes;
    private final Counter forces;
    private final Timer write;
    private final Timer force;
    private final DistributionSummary roundBatches;
    private final Counter reads;
    private final Counter readBytes;
    private final Counter readFailures;
    private final Timer readTime;
    private final Counter freedSegments;
    private final Counter freedFiles;
    private final Counter freedBytes;
    private final Counter expiredBytes;
    private final Counter sealedFiles;
    private final Counter sealedBytes;
    private final Counter compactions;
    private final Counter compactedBytes;

    WalMeters(MeterRegistry registry) {
        this.registry = registry;
        batches = counter("millrace.wal.batches", "Record batches made durable");
        commands = counter("millrace.wal.commands", "Catalog and partition commands made durable");
        batchBytes = counter("millrace.wal.batch.bytes", "Bytes of record batches made durable");
        writtenBytes = counter("millrace.wal.written.bytes", "Bytes written to the log, with frames and padding");
        forces = counter("millrace.wal.forces", "Forces of the log, one a round");
        write = timer("millrace.wal.round.write", "Time to write a round");
        force = timer("millrace.wal.round.force", "Time to force a round");
        roundBatches = DistributionSummary.builder("millrace.wal.round.batches")
                .description("Record batches in a round")
                .publishPercentiles(PERCENTILES)
                .register(registry);
        reads = counter("millrace.wal.reads", "Reads of one partition");
        readBytes = counter("millrace.wal.read.bytes", "Bytes of record batches read");
        readFailures = counter("millrace.wal.read.failures", "Reads that the disk or a checksum failed");
        readTime = timer("millrace.wal.read.time", "Time to read one partition");
        freedSegments = counter("millrace.wal.freed.segments", "Segments deleted because nothing in them lives");
        expiredBytes = counter("millrace.wal.expired.bytes", "Bytes of record batches that retention deleted");
        freedFiles = counter("millrace.wal.freed.sealed.files", "Sealed files deleted because nothing in them lives");
        compactions = counter("millrace.wal.compactions", "Passes of compaction over a partition");
        compactedBytes = counter("millrace.wal.compacted.bytes", "Bytes of record batches that compaction removed");
        freedBytes = counter("millrace.wal.freed.bytes", "Bytes of segments and sealed files deleted");
        sealedFiles = counter("millrace.wal.sealing.files", "Sealed files written");
        sealedBytes = counter("millrace.wal.sealing.bytes", "Bytes written to sealed files");
    }

    void round(RoundReport report) {
        batches.increment(report.batches().size());
        commands.increment(report.commandCount());
        batchBytes.increment((double) report.batchBytes());
        writtenBytes.increment((double) report.bytes());
        expiredBytes.increment((double) report.expiredBytes());
        forces.increment();
        write.record(report.writeNanos(), TimeUnit.NANOSECONDS);
        force.record(report.forceNanos(), TimeUnit.NANOSECONDS);
        roundBatches.record(report.batches().size());
    }

    void read(long bytes, long nanos) {
        reads.increment();
        readBytes.increment((double) bytes);
        readTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void readFailed() {
        readFailures.increment();
    }

    void sealed(int fileCount, long bytes) {
        sealedFiles.increment(fileCount);
        sealedBytes.increment((double) bytes);
    }

    void compacted(long removedBytes) {
        compactions.increment();
        compactedBytes.increment((double) removedBytes);
    }

    void freed(int segmentCount, int sealedFileCount, long bytes) {
        freedSegments.increment(segmentCount);
        freedFiles.increment(sealedFileCount);
        freedBytes.increment((double) bytes);
    }

    /// Refusals and unknown outcomes of appends and commands, by reason.
    void refused(String stage, String reason) {
        registry.counter("millrace.wal.refused", "stage", stage, "reason", reason)
                .increment();
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentiles(PERCENTILES)
                .register(registry);
    }
}
