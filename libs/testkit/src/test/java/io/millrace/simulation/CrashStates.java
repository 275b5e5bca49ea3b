package io.millrace.simulation;

import io.millrace.sealed.SealOptions;
import io.millrace.store.WalOptions;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.SimulatedDisk.Operation;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
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
    private static final int STATES_PER_OPERATION = 48;
    private static final int STATES_PER_RECOVERY_OPERATION = 4;
    /// One recovery in so many is itself crashed after each of its operations.
    private static final int CRASHED_RECOVERY_EVERY = 64;

    private static final int SECOND_RECOVERY_EVERY = 8;

    private final long seed;
    private final RandomGenerator random;
    private final WalOptions options;
    private final SimulatedDisk disk;
    private final ShardModel model = new ShardModel();
    private final Set<Long> met = new HashSet<>();
    private final Set<String> begunSegments = new HashSet<>();
    private final Map<CrashPoint, Integer> counts = new EnumMap<>(CrashPoint.class);
    private CrashPoint lastPoint = CrashPoint.ROUND;

    CrashStates(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.options = StoreRig.smallestOptions(sealing(), 50_000L + random.nextInt(100_000));
        this.disk = new SimulatedDisk(random);
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
                1 + random.nextInt(10),
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
        return counts;
    }

    private void crash(Operation operation, String name) {
        boolean isOfDirectory = operation == Operation.FORCE_DIRECTORY;
        CrashPoint point = isOfDirectory ? lastPoint : CrashPoint.of(operation, name, begunSegments);
        lastPoint = point;
        try {
            for (int i = 0; i < STATES_PER_OPERATION; i++) {
                SimulatedDisk state = disk.afterCrash();
                if (met.add(state.fingerprint())) {
                    counts.merge(point, 1, Integer::sum);
                    recover(state);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("after " + operation + " of " + name, e);
        }
        if (operation == Operation.FORCE && name.endsWith(".segment")) {
            begunSegments.add(name);
        }
    }

    private void recover(SimulatedDisk state) throws IOException {
        if (met.size() % CRASHED_RECOVERY_EVERY == 0) {
            state.observe((_, _) -> crashRecovery(state));
        }
        StoreRig rig = opened(state);
        state.observe((_, _) -> {});
        ShardModel recovered = model.copy();
        recovered.recover(rig);
        if (met.size() % SECOND_RECOVERY_EVERY == 0) {
            rig.reopen(state.afterCrash());
            recovered.recover(rig);
        }
    }

    private void crashRecovery(SimulatedDisk recovering) {
        try {
            for (int i = 0; i < STATES_PER_RECOVERY_OPERATION; i++) {
                SimulatedDisk state = recovering.afterCrash();
                if (met.add(state.fingerprint())) {
                    counts.merge(CrashPoint.RECOVERY, 1, Integer::sum);
                    model.copy().recover(opened(state));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("after a crash of recovery", e);
        }
    }

    private StoreRig opened(SimulatedDisk state) throws IOException {
        return StoreRig.open(state, options, new SimulatedClock(2_000_000), met.size());
    }
}
