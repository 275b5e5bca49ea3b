package io.millrace.coordinator.slots;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/// A log on a simulated disk, whose two threads are steps that the test takes.
final class SlotRig {

    private static final int STEPS_MAX = 10_000;

    static final Area AREA = new Area(1, 3);
    static final SlotLogOptions OPTIONS = new SlotLogOptions(64 << 10, 8 << 10, 0);

    final List<String> events = new ArrayList<>();
    private final RandomGenerator random;
    private final SimulatedClock clock = new SimulatedClock(1_000_000);
    private SimulatedDisk disk;
    private SlotLog log;

    SlotRig(SimulatedDisk disk, RandomGenerator random) throws IOException {
        this.random = random;
        this.disk = disk;
        log = open();
    }

    private SlotLog open() throws IOException {
        return SlotLog.open(disk, OPTIONS, new SlotEnvironment(clock, random), new RecordingEvents());
    }

    SlotLog log() {
        return log;
    }

    SimulatedDisk disk() {
        return disk;
    }

    /// A next process on what is left.
    void reopen(SimulatedDisk left) throws IOException {
        disk = left;
        log = open();
    }

    /// A change that was asked for.
    record Asked(CompletableFuture<Void> done) {}

    Asked put(String name, String value) {
        return put(AREA, name, value);
    }

    Asked put(Area area, String name, String value) {
        return new Asked(log.put(area, name, value.getBytes(StandardCharsets.UTF_8)));
    }

    Asked remove(String name) {
        return new Asked(log.remove(AREA, name));
    }

    /// Lets both threads do what they have to do.
    void settle() {
        int quiet = 0;
        for (int step = 0; quiet < 3; step++) {
            assertThat(step).as("steps until nothing is left to do").isLessThan(STEPS_MAX);
            long before = log.use().bytes();
            int written = log.writeIfDue();
            log.upkeep();
            quiet = written == 0 && log.use().bytes() == before ? quiet + 1 : 0;
        }
    }

    Map<String, String> content(Area area) throws IOException {
        Map<String, String> content = new TreeMap<>();
        for (SlotLog.Entry entry : log.scan(area)) {
            content.put(entry.name(), new String(entry.value(), StandardCharsets.UTF_8));
        }
        return content;
    }

    private final class RecordingEvents implements SlotEvents {
        @Override
        public void roundWritten(int changeCount, int byteCount) {}

        @Override
        public void spaceFreed(int segmentCount) {
            events.add("freed " + segmentCount);
        }

        @Override
        public void diskFull(String location, long usableBytes) {
            events.add("full");
        }

        @Override
        public void spaceReturned(String location, long usableBytes) {
            events.add("space");
        }

        @Override
        public void poisoned(IOException cause) {
            events.add("poisoned");
        }
    }
}
