package io.millrace.coordinator.log;

import io.millrace.testkit.SimulatedClock;
import java.time.Duration;

/// [LocalGroupLog] over a store in memory, which folds at once.
final class SimulatedRig implements GroupLogRig {

    static final GroupLogOptions OPTIONS =
            new GroupLogOptions(IN_FLIGHT_BYTES_MAX, 4, 1 << 20, 64, 1 << 20, PUT_TIMEOUT, Duration.ofSeconds(5));

    private final SimulatedClock clock = new SimulatedClock(0);
    private SimulatedGroupStore store = new SimulatedGroupStore();

    @Override
    public LogUnderTest owner() {
        FoldThread atOnce = new FoldThread(Runnable::run, failure -> {
            throw new AssertionError(failure);
        });
        return new LogUnderTest(
                new LocalGroupLog(store, OPTIONS, new LogClock(clock::nanos), LogUnderTest::read, atOnce));
    }

    @Override
    public LogUnderTest afterCrash() {
        store = store.copy();
        return owner();
    }

    @Override
    public void hold() {
        store.holdPuts();
    }

    @Override
    public void release() {
        store.completeHeldLastFirst();
    }

    @Override
    public void fail() {
        store.failPuts(slot -> slot.table() == Table.BATCHES);
    }

    @Override
    public void heal() {
        store.failPuts(_ -> false);
    }

    @Override
    public void passTime(Duration duration) {
        clock.advance(duration);
    }

    @Override
    public void close() {}
}
