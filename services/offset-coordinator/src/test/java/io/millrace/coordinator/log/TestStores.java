package io.millrace.coordinator.log;

import io.millrace.coordinator.slots.SlotEnvironment;
import io.millrace.coordinator.slots.SlotEvents;
import io.millrace.coordinator.slots.SlotLogOptions;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.SplittableRandom;

/// Stores on real files, small ones.
public final class TestStores {

    private TestStores() {}

    public static GroupLogStore open(Path directory, int shards) throws GroupStoreException {
        SlotLogOptions slots = new SlotLogOptions(256 << 10, 64 << 10, 0);
        return GroupLogStore.open(
                new GroupLogStore.Settings(directory, shards, slots, VolatileMemory.ALLOW, Duration.ofSeconds(10)),
                new SlotEnvironment(Clock.systemUTC(), new SplittableRandom(1)),
                new StrictEvents());
    }

    private static final class StrictEvents implements SlotEvents {
        @Override
        public void roundWritten(int changeCount, int byteCount) {}

        @Override
        public void spaceFreed(int segmentCount) {}

        @Override
        public void diskFull(String location, long usableBytes) {
            throw new AssertionError("the disk under " + location + " is full");
        }

        @Override
        public void spaceReturned(String location, long usableBytes) {}

        @Override
        public void poisoned(IOException cause) {
            throw new AssertionError(cause);
        }
    }
}
