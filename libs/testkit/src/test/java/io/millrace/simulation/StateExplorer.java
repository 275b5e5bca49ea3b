package io.millrace.simulation;

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
import java.util.function.Supplier;

/// Makes the states that a crash could leave on a disk, and recovers and checks each that it did not meet before.
///
/// Threads: one.
final class StateExplorer {

    private static final int STATES_PER_OPERATION = 48;
    /// After so many in a row that were met before, there is hardly another one.
    private static final int MET_IN_A_ROW_MAX = 8;

    private static final int STATES_PER_RECOVERY_OPERATION = 4;
    /// One recovery in so many is itself crashed after each of its operations.
    private static final int CRASHED_RECOVERY_EVERY = 64;

    private static final int SECOND_RECOVERY_EVERY = 8;

    private final WalOptions options;
    private final long recoveryMillis;
    private final Supplier<Check> checks;
    private final Set<Long> met = new HashSet<>();
    private final Map<CrashPoint, Integer> counts = new EnumMap<>(CrashPoint.class);
    private CrashPoint followedPoint = CrashPoint.CHECKPOINT;

    /// What must hold of a log that was recovered.
    interface Check {
        void of(StoreRig recovered) throws IOException;
    }

    /// @param recoveryMillis the time of each recovery
    /// @param checks a new one for each state; it sees the log once or twice
    StateExplorer(WalOptions options, long recoveryMillis, Supplier<Check> checks) {
        this.options = options;
        this.recoveryMillis = recoveryMillis;
        this.checks = checks;
    }

    /// Distinct states, by what was under way.
    Map<CrashPoint, Integer> counts() {
        return counts;
    }

    /// After each operation of this disk it loses its power.
    ///
    /// @param sealed what it means that a sealed file is written
    void follow(SimulatedDisk disk, CrashPoint sealed) {
        disk.observe((operation, name) -> {
            if (operation != Operation.FORCE_DIRECTORY) {
                CrashPoint point = CrashPoint.of(operation, name, Set.of());
                followedPoint = point == CrashPoint.SEALING ? sealed : point;
            }
            try {
                crash(disk, followedPoint);
            } catch (IOException e) {
                throw new UncheckedIOException("after " + operation + " of " + name, e);
            }
        });
    }

    /// The disk loses its power now, in many ways.
    void crash(SimulatedDisk disk, CrashPoint point) throws IOException {
        int metInARow = 0;
        for (int i = 0; i < STATES_PER_OPERATION && metInARow < MET_IN_A_ROW_MAX; i++) {
            SimulatedDisk state = disk.afterCrash();
            if (isNew(state, point)) {
                recover(state);
                metInARow = 0;
            } else {
                metInARow++;
            }
        }
    }

    private boolean isNew(SimulatedDisk state, CrashPoint point) {
        boolean isNew = met.add(state.fingerprint());
        if (isNew) {
            counts.merge(point, 1, Integer::sum);
        }
        return isNew;
    }

    private void recover(SimulatedDisk state) throws IOException {
        if (met.size() % CRASHED_RECOVERY_EVERY == 0) {
            state.observe((_, _) -> crashRecovery(state));
        }
        StoreRig rig = opened(state);
        state.observe((_, _) -> {});
        Check check = checks.get();
        check.of(rig);
        if (met.size() % SECOND_RECOVERY_EVERY == 0) {
            rig.reopen(state.afterCrash());
            check.of(rig);
        }
    }

    private void crashRecovery(SimulatedDisk recovering) {
        try {
            for (int i = 0; i < STATES_PER_RECOVERY_OPERATION; i++) {
                SimulatedDisk state = recovering.afterCrash();
                if (isNew(state, CrashPoint.RECOVERY)) {
                    checks.get().of(opened(state));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("after a crash of recovery", e);
        }
    }

    private StoreRig opened(SimulatedDisk state) throws IOException {
        return StoreRig.open(state, options, new SimulatedClock(recoveryMillis), met.size());
    }
}
