package io.millrace.coordinator.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.coordinator.slots.SlotLogOptions;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GroupLogStoreTest {

    @Test
    void segmentsInWhichNoBatchFitsBesideTheLongestNameAreRefused() {
        assertThatThrownBy(() -> settings(128 << 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 262144 bytes");
        assertThat(settings(256 << 10).slots().valueBytesMax()).isGreaterThan(128 << 10);
    }

    private static GroupLogStore.Settings settings(int segmentBytes) {
        return new GroupLogStore.Settings(
                Path.of("nowhere"),
                4,
                new SlotLogOptions(segmentBytes, 8 << 10, 0),
                VolatileMemory.ALLOW,
                Duration.ofSeconds(1));
    }
}
