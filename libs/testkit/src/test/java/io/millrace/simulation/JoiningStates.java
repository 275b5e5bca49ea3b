package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.sealed.SealOptions;
import io.millrace.store.WalOptions;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Many small runs that become few, while records go on being appended and deleted. After each operation of the disk,
/// many of the states that a crash could leave are made and compared with what must stay.
///
/// Threads: one. The seed decides everything.
final class JoiningStates {

    private static final long START = 1_700_000_000_000L;
    private static final int PARTITIONS = 2;
    private static final int PASSES = 6;
    private static final int BATCHES_PER_PASS = 10;
    private static final int UPKEEP_STEPS = 60;
    private static final int NEVER = 1_000;

    private final long seed;
    private final RandomGenerator random;
    private final SimulatedDisk disk;
    private final ShardModel model = new ShardModel();
    private final StateExplorer explorer;
    private StoreRig rig;

    JoiningStates(long seed) throws IOException {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.disk = new SimulatedDisk(random);
        this.explorer = new StateExplorer(options(3), START, () -> model.copy()::recover);
        this.rig = opened(NEVER);
    }

    private StoreRig opened(int joinedRunsMin) throws IOException {
        return StoreRig.open(disk, options(joinedRunsMin), new SimulatedClock(START), seed);
    }

    private WalOptions options(int joinedRunsMin) {
        SealOptions sealing =
                new SealOptions(1, 1, 1_000_000, 1_000_000, 4_000, 100, joinedRunsMin, Long.MAX_VALUE, 2_000);
        return StoreRig.smallestOptions(sealing, 300_000);
    }

    /// Distinct states, by what was under way.
    Map<CrashPoint, Integer> explore() throws IOException {
        Topic topic = rig.createTopic("joined", PARTITIONS);
        model.store(topic);
        for (int i = 0; i < PASSES; i++) {
            for (int j = 0; j < BATCHES_PER_PASS; j++) {
                append(new PartitionId(topic.id(), j % PARTITIONS));
            }
            rig.keepUp();
        }
        int runsBefore = runCount();
        rig.store().close();
        rig = opened(3);
        // Nothing is left to be sealed, so a sealed file that is written is a joined one.
        explorer.follow(disk, CrashPoint.JOINING);
        for (int i = 0; i < UPKEEP_STEPS; i++) {
            rig.store().upkeep();
            rig.commitAll();
            if (i % 16 == 2) {
                append(anyPartition(topic));
                deleteRecords(anyPartition(topic));
            }
        }
        if (runCount() >= runsBefore) {
            throw new AssertionError("of " + runsBefore + " runs " + runCount() + " are left");
        }
        return explorer.counts();
    }

    private int runCount() {
        return rig.store().status().sealing().files().stream()
                .mapToInt(file -> file.runCount())
                .sum();
    }

    private PartitionId anyPartition(Topic topic) {
        return new PartitionId(topic.id(), random.nextInt(PARTITIONS));
    }

    private void append(PartitionId partition) {
        RecordBatch sent = batch().withRecord(START, "v".repeat(6_000 + random.nextInt(1_000)))
                .build();
        model.partition(partition).send(sent);
        switch (rig.append(partition, sent)) {
            case AppendOutcome.Appended appended -> model.partition(partition).acknowledge(sent, appended.baseOffset());
            case AppendOutcome other -> throw new AssertionError("not appended: " + other);
        }
    }

    /// A few of the first ones.
    private void deleteRecords(PartitionId partition) {
        PartitionModel known = model.partition(partition);
        long offset = Math.min(known.endOffset(), known.logStartOffset() + random.nextInt(2));
        known.wantLogStart(offset);
        if (rig.execute(new Command.DeleteRecords(partition, offset))
                instanceof CommandOutcome.RecordsDeleted(long start)) {
            known.moveLogStart(start);
        }
    }
}
