package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.sealed.SealOptions;
import io.millrace.store.WalOptions;
import io.millrace.testkit.BatchBuilder;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// One compaction of random keys. After each operation of its disk, many of the states that a crash could leave are
/// made and compared with what must stay.
///
/// Threads: one. The seed decides everything.
final class CompactionStates {

    private static final long START = 1_700_000_000_000L;
    /// Until then nothing is compacted, so that all is sealed before.
    private static final Duration LAG = Duration.ofHours(1);

    private static final int BATCHES = 60;
    private static final int UPKEEP_STEPS = 200;

    private final RandomGenerator random;
    private final SimulatedDisk disk;
    private final SimulatedClock clock = new SimulatedClock(START);
    private final StoreRig rig;
    private final CompactionModel model;
    private final StateExplorer explorer;

    CompactionStates(long seed) throws IOException {
        this.random = new SplittableRandom(seed);
        this.disk = new SimulatedDisk(random);
        SealOptions sealing = new SealOptions(1, 1, 100_000, 100_000, 4_000, 6, 1_000, Long.MAX_VALUE, 2_000);
        WalOptions options = StoreRig.smallestOptions(sealing, 300_000);
        this.rig = StoreRig.open(disk, options, clock, seed);
        PartitionId partition = new PartitionId(
                rig.createTopic(
                                "compacted",
                                1,
                                Map.of(
                                        "cleanup.policy",
                                        "compact",
                                        "min.cleanable.dirty.ratio",
                                        "0",
                                        "min.compaction.lag.ms",
                                        Long.toString(LAG.toMillis())))
                        .id(),
                0);
        this.model = new CompactionModel(
                partition, LAG.toMillis(), Duration.ofDays(1).toMillis());
        long afterwards = START + 3 * LAG.toMillis();
        this.explorer = new StateExplorer(options, afterwards, () -> recovered -> model.compare(recovered, afterwards));
    }

    /// Distinct states, by what was under way.
    Map<CrashPoint, Integer> explore() throws IOException {
        for (int i = 0; i < BATCHES; i++) {
            append();
        }
        rig.keepUp();
        clock.advance(LAG.multipliedBy(2));
        // Nothing is left to be sealed, so a sealed file that is written is a compacted one.
        explorer.follow(disk, CrashPoint.COMPACTION);
        for (int i = 0; i < UPKEEP_STEPS && rig.events().compactionCount() == 0; i++) {
            rig.store().upkeep();
            rig.commitAll();
        }
        rig.keepUp();
        if (rig.events().compactionCount() == 0) {
            throw new AssertionError("nothing was compacted");
        }
        return explorer.counts();
    }

    private void append() {
        BatchBuilder builder = batch();
        for (int i = 0; i <= random.nextInt(3); i++) {
            builder.withKeyed(clock.millis(), "key-" + random.nextInt(10), "v".repeat(random.nextInt(3_000)));
        }
        RecordBatch sent = builder.build();
        switch (rig.append(model.partitionId(), sent)) {
            case AppendOutcome.Appended appended -> model.append(sent, appended.baseOffset(), clock.millis());
            case AppendOutcome other -> throw new AssertionError("not appended: " + other);
        }
    }
}
