package io.millrace.wal.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectZerosTest {

    @TempDir
    private Path directory;

    private enum UnknownOption implements OpenOption {
        OF_NO_SYSTEM
    }

    @Test
    void aFileSystemTakesThemOrTheFileStaysAsItWas() throws IOException {
        boolean isOrdinary = Set.of("ext4", "xfs", "btrfs")
                .contains(Files.getFileStore(directory).type());
        DirectZeros zeros = new DirectZeros(DirectAccess.of(directory));
        byte[] content = new byte[3 << 20];
        Arrays.fill(content, (byte) 7);
        Path file = Files.write(directory.resolve("a"), content);

        boolean isDone = zeros.fill(file, 4_096, 2 << 20);

        assertThat(isDone || !isOrdinary).isTrue();
        Arrays.fill(content, 4_096, 4_096 + (2 << 20), (byte) (isDone ? 0 : 7));
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    @Test
    void whatIsNotAlignedIsLeftToOthers() throws IOException {
        DirectZeros zeros = new DirectZeros(DirectAccess.of(directory));
        Path file = Files.write(directory.resolve("a"), new byte[] {1, 2, 3});

        assertThat(zeros.fill(file, 1, 4_096)).isFalse();
        assertThat(zeros.fill(file, 0, 3)).isFalse();
        assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    }

    @Test
    void aSystemThatRefusesIsNotAskedAgain() throws IOException {
        DirectZeros zeros = new DirectZeros(DirectAccess.of(directory, Set.of(UnknownOption.OF_NO_SYSTEM)));
        Path file = Files.createFile(directory.resolve("a"));

        assertThat(zeros.fill(file, 0, 4_096)).isFalse();
        Files.delete(file);
        assertThat(zeros.fill(file, 0, 4_096)).isFalse();
    }

    @Test
    void withoutAnOptionNothingIsWritten() throws IOException {
        DirectZeros zeros = new DirectZeros(DirectAccess.of(directory, Set.of()));
        Path file = Files.createFile(directory.resolve("a"));

        assertThat(zeros.fill(file, 0, 4_096)).isFalse();
    }
}
