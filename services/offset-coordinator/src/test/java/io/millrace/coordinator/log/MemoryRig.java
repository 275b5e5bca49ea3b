package io.millrace.coordinator.log;

import io.millrace.testkit.SimulatedClock;
import java.time.Duration;

final class MemoryRig implements GroupLogRig {

    private final SimulatedClock clock = new SimulatedClock(0);
    private MemoryGroupLog.Medium medium = new MemoryGroupLog.Medium();

    @Override
    public LogUnderTest owner() {
        return new LogUnderTest(new MemoryGroupLog(medium, LogUnderTest::read, clock::nanos, PUT_TIMEOUT));
    }

    @Override
    public LogUnderTest afterCrash() {
        medium = medium.copy();
        return owner();
    }

    @Override
    public void hold() {
        medium.hold();
    }

    @Override
    public void release() {
        medium.release();
    }

    @Override
    public void fail() {
        medium.setFailing(true);
    }

    @Override
    public void heal() {
        medium.setFailing(false);
    }

    @Override
    public void passTime(Duration duration) {
        clock.advance(duration);
    }

    @Override
    public void close() {}
}
