package io.millrace.simulation;

import io.millrace.sealed.SealOptions;
import io.millrace.store.WalOptions;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.SimulatedDisk.Operation;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// One run of random load. After each operation of its disk, many of the states that a crash could leave are made, and
/// each that was not met before is recovered and compared with what was acknowledged.
///
/// Threads: one. The seed decides everything.
final class CrashStates {

    private static final int STEPS = 80;
    private static final int STEPS_PER_DELETION = 40;

    private final long seed;
    private final RandomGenerator random;
    private final WalOptions options;
    private final SimulatedDisk disk;
    private final ShardModel model = new ShardModel();
    private final Set<String> begunSegments = new HashSet<>();
    private final StateExplorer explorer;
    private CrashPoint lastPoint = CrashPoint.ROUND;

    CrashStates(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.options = StoreRig.smallestOptions(sealing(), 50_000L + random.nextInt(100_000));
        this.disk = new SimulatedDisk(random);
        this.explorer = new StateExplorer(options, 2_000_000, () -> model.copy()::recover);
    }

    /// Begins with the first full segment, in several small files.
    private SealOptions sealing() {
        int segments = 1 + random.nextInt(2);
        return new SealOptions(
                1,
                segments,
                10_000 + random.nextInt(50_000),
                10_000 + random.nextInt(50_000),
                1 + random.nextInt(10_000),
                random.nextBoolean() ? 1 + random.nextInt(10) : 1_000,
                2 + random.nextInt(6),
                Long.MAX_VALUE,
                random.nextInt(3_000));
    }

    /// Distinct states, by what was under way.
    Map<CrashPoint, Integer> explore() throws IOException {
        StoreRig rig = StoreRig.open(disk, options, new SimulatedClock(1_000_000), seed);
        RandomLoad load = new RandomLoad(random, model, rig, new RandomLoad.Mix(140, 9_000));
        disk.observe(this::crash);
        for (int i = 1; i <= STEPS; i++) {
            load.step();
            if (i % STEPS_PER_DELETION == 0) {
                load.deleteAllRecords();
                rig.keepUp();
            }
        }
        load.commit();
        rig.store().close();
        return explorer.counts();
    }

    private void crash(Operation operation, String name) {
        boolean isOfDirectory = operation == Operation.FORCE_DIRECTORY;
        CrashPoint point = isOfDirectory ? lastPoint : CrashPoint.of(operation, name, begunSegments);
        lastPoint = point;
        try {
            explorer.crash(disk, point);
        } catch (IOException e) {
            throw new UncheckedIOException("after " + operation + " of " + name, e);
        }
        if (operation == Operation.FORCE && name.endsWith(".segment")) {
            begunSegments.add(name);
        }
    }
}
