package io.millrace.wal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.wal.storage.FileStorage.VolatileMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class FileStorageTest {

    @TempDir
    private Path directory;

    @Test
    void aSecondOwnerIsRefusedUntilTheFirstHasClosed() throws IOException {
        FileStorage first = FileStorage.open(directory, VolatileMemory.ALLOW);

        assertThatThrownBy(() -> FileStorage.open(directory, VolatileMemory.ALLOW))
                .isInstanceOf(DirectoryTakenException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("in use by another process");

        first.close();
        FileStorage.open(directory, VolatileMemory.ALLOW).close();
    }

    @Test
    void aDirectoryInMemoryIsRefusedUnlessAllowed() throws IOException {
        Path memory = Path.of("/dev/shm");
        Assumptions.assumeTrue(
                Files.isWritable(memory) && Files.getFileStore(memory).type().equals("tmpfs"));
        Path inMemory = Files.createTempDirectory(memory, "storage");

        assertThatThrownBy(() -> FileStorage.open(inMemory, VolatileMemory.REFUSE))
                .hasMessageContaining("keeps files in memory only");

        FileStorage.open(inMemory, VolatileMemory.ALLOW).close();
        Files.delete(inMemory.resolve("lock"));
        Files.delete(inMemory);
    }

    @Test
    void whatWasWrittenIsReadAlsoAcrossTheSizeOfOneTransfer() throws IOException {
        try (FileStorage storage = FileStorage.open(directory, VolatileMemory.ALLOW)) {
            byte[] bytes = new byte[3 << 20];
            new SplittableRandom(1).nextBytes(bytes);
            try (WalFile file = storage.create("a")) {
                file.write(ByteBuffer.wrap(bytes), 10);
                file.force();
                ByteBuffer target = ByteBuffer.allocate(bytes.length + 100);

                assertThat(file.read(target, 10)).isEqualTo(bytes.length);

                assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes));
                assertThat(file.size()).isEqualTo(bytes.length + 10);
            }
        }
    }

    @Test
    void whatIsReadPastMemoryIsTheSame() throws IOException {
        assertUncachedReadsGetTheSame(directory);
    }

    /// Whether its file system can do it or not.
    @Test
    void whatIsReadPastMemoryIsTheSameInADirectoryInMemory() throws IOException {
        Path inMemory = Files.createTempDirectory(Path.of("/dev/shm"), "storage");

        assertUncachedReadsGetTheSame(inMemory);

        Files.delete(inMemory.resolve("a"));
        Files.delete(inMemory.resolve("lock"));
        Files.delete(inMemory);
    }

    private static void assertUncachedReadsGetTheSame(Path where) throws IOException {
        byte[] bytes = new byte[(3 << 20) + 77];
        new SplittableRandom(1).nextBytes(bytes);
        try (FileStorage storage = FileStorage.open(where, VolatileMemory.ALLOW)) {
            try (WalFile written = storage.create("a")) {
                written.write(ByteBuffer.wrap(bytes), 0);
            }
            try (WalFile file = storage.openUncached("a")) {
                for (int position : new int[] {0, 1, 4_095, 4_096, 5_000, 2 << 20, bytes.length - 1, bytes.length}) {
                    for (int size : new int[] {1, 77, 4_096, 9_000, 2 << 20, 4 << 20}) {
                        ByteBuffer target = ByteBuffer.allocate(size);
                        int expected = Math.min(size, bytes.length - position);

                        assertThat(file.read(target, position)).isEqualTo(expected);

                        assertThat(target.flip()).isEqualTo(ByteBuffer.wrap(bytes, position, expected));
                    }
                }
                assertThat(file.size()).isEqualTo(bytes.length);
                assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0)).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> storage.openUncached("b")).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void namesAreListedRenamedAndDeleted() throws IOException {
        try (FileStorage storage = FileStorage.open(directory, VolatileMemory.ALLOW)) {
            storage.create("a").close();
            storage.create("b").close();
            storage.rename("a", "b");
            storage.delete("gone");
            storage.forceDirectory();

            assertThat(storage.list()).containsExactly("b");
            assertThatThrownBy(() -> storage.create("b")).isInstanceOf(IOException.class);
            assertThat(storage.usableBytes()).isPositive();
        }
    }

    @Test
    void aLargeFileThatIsDeletedKeepsItsContentUntilItsReaderIsDone() throws IOException {
        try (FileStorage storage = openWithDeletions()) {
            byte[] bytes = createLarge(storage, "first");
            WalFile reader = storage.open("first");
            storage.rename("first", "read");
            createLarge(storage, "other");
            storage.delete("read");
            storage.delete("other");

            assertThat(storage.list()).isEmpty();
            // They are removed one after the other, so by now the first one's turn has passed.
            Awaitility.await("the file that nobody reads is gone").until(() -> filesBeside("lock") == 1);
            ByteBuffer target = ByteBuffer.allocate(bytes.length + 1);
            assertThat(reader.read(target, 0)).isEqualTo(bytes.length);
            assertThat(Arrays.copyOf(target.array(), bytes.length)).isEqualTo(bytes);

            reader.close();
            Awaitility.await("the file that was read is gone").until(() -> filesBeside("lock") == 0);
        }
    }

    @Test
    void whatIsLeftOfDeletedFilesGoesWithTheNextStart() throws IOException {
        FileStorage storage = openWithDeletions();
        createLarge(storage, "read");
        WalFile reader = storage.open("read");
        storage.delete("read");
        storage.close();
        assertThat(filesBeside("lock")).isEqualTo(1);
        reader.close();

        openWithDeletions().close();

        assertThat(filesBeside("lock")).isZero();
    }

    @Test
    void aStorageThatClosesFirstRemovesWhatWasDeleted() throws IOException {
        try (FileStorage storage = openWithDeletions()) {
            createLarge(storage, "a");
            createLarge(storage, "b");
            storage.delete("a");
            storage.delete("b");
        }
        assertThat(filesBeside("lock")).isZero();
    }

    @Test
    void aDeletedFileThatCannotBeRemovedIsTriedAgainAndHoldsUpNoOther() throws IOException {
        List<Runnable> removals = new ArrayList<>();
        try (FileStorage storage = FileStorage.open(directory, VolatileMemory.ALLOW, removals::add)) {
            createLarge(storage, "stubborn");
            createLarge(storage, "other");
            storage.delete("stubborn");
            Path stubborn = onlyFile(".deleted");
            Files.delete(stubborn);
            Files.createDirectory(stubborn);
            Path inside = Files.createFile(stubborn.resolve("inside"));
            storage.delete("other");

            new Thread(removals.removeFirst()).start();

            Awaitility.await("the other one is gone").until(() -> filesBeside("lock") == 1);
            assertThat(stubborn).exists();
            Files.delete(inside);
            Files.delete(stubborn);
            Files.write(stubborn, new byte[9 << 20]);
            Awaitility.await("it is gone, too").until(() -> filesBeside("lock") == 0);
        }
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aDeletionThatCannotBeStartedHoldsUpNoEnd() throws IOException {
        FileStorage storage = FileStorage.open(directory, VolatileMemory.ALLOW, _ -> {
            throw new RejectedExecutionException("no thread");
        });
        createLarge(storage, "a");

        assertThatThrownBy(() -> storage.delete("a")).isInstanceOf(RejectedExecutionException.class);

        storage.close();
        openWithDeletions().close();
        assertThat(filesBeside("lock")).isZero();
    }

    @Test
    void aStartThatCannotRemoveWhatIsLeftLeavesTheDirectoryToTheNext() throws IOException {
        Path left = Files.createDirectory(directory.resolve("a.0.deleted"));
        Path inside = Files.createFile(left.resolve("inside"));

        assertThatThrownBy(this::openWithDeletions).isInstanceOf(IOException.class);
        Files.delete(inside);

        openWithDeletions().close();
        assertThat(filesBeside("lock")).isZero();
    }

    private Path onlyFile(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private FileStorage openWithDeletions() throws IOException {
        return FileStorage.open(directory, VolatileMemory.ALLOW, removal -> new Thread(removal).start());
    }

    private static byte[] createLarge(FileStorage storage, String name) throws IOException {
        byte[] bytes = new byte[9 << 20];
        new SplittableRandom(1).nextBytes(bytes);
        try (WalFile file = storage.create(name)) {
            file.write(ByteBuffer.wrap(bytes), 0);
        }
        return bytes;
    }

    private long filesBeside(String name) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !file.endsWith(name)).count();
        }
    }

    @Test
    void aDirectoryThatIsOnlyReadIsNeitherLockedNorChanged() throws IOException {
        try (FileStorage owner = FileStorage.open(directory, VolatileMemory.ALLOW)) {
            try (WalFile file = owner.create("a")) {
                file.write(ByteBuffer.allocate(3), 0);
            }
        }
        Files.delete(directory.resolve("lock"));

        try (FileStorage reader = FileStorage.openReadOnly(directory);
                WalFile file = reader.open("a")) {
            assertThat(file.read(ByteBuffer.allocate(10), 0)).isEqualTo(3);
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 0))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> reader.create("b")).hasMessageContaining("for reading only");
            assertThatThrownBy(() -> reader.rename("a", "b")).hasMessageContaining("for reading only");
            assertThatThrownBy(() -> reader.delete("a")).hasMessageContaining("for reading only");
            assertThatThrownBy(reader::forceDirectory).hasMessageContaining("for reading only");
        }

        assertThat(directory).isDirectoryNotContaining(path -> !path.endsWith("a"));
    }

    @Test
    void aDirectoryIsTakenWhileItsOwnerHasIt() throws IOException {
        assertThat(FileStorage.isTaken(directory)).isFalse();

        try (FileStorage owner = FileStorage.open(directory, VolatileMemory.ALLOW)) {
            assertThat(owner.location()).isEqualTo(directory.toString());
            assertThat(FileStorage.isTaken(directory)).isTrue();
        }

        assertThat(FileStorage.isTaken(directory)).isFalse();
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMadeForReading() {
        Path missing = directory.resolve("missing");

        assertThatThrownBy(() -> FileStorage.openReadOnly(missing)).hasMessageContaining("no directory");

        assertThat(missing).doesNotExist();
    }

    @Test
    void aPartThatIsZeroedIsZeroWhereverItBegins() throws IOException {
        try (FileStorage storage = FileStorage.open(directory, VolatileMemory.ALLOW);
                WalFile file = storage.create("a")) {
            byte[] expected = new byte[5 << 20];
            new SplittableRandom(2).nextBytes(expected);
            file.write(ByteBuffer.wrap(expected), 0);

            file.zero(1 << 20, 3 << 20);
            file.zero((4 << 20) + 8, 100);

            Arrays.fill(expected, 1 << 20, 4 << 20, (byte) 0);
            Arrays.fill(expected, (4 << 20) + 8, (4 << 20) + 108, (byte) 0);
            ByteBuffer content = ByteBuffer.allocate(expected.length);
            file.read(content, 0);
            assertThat(content.array()).isEqualTo(expected);
        }
    }

    @Test
    void aFileGrowsWhenWhatIsBehindItsEndIsZeroed() throws IOException {
        try (FileStorage storage = FileStorage.open(directory, VolatileMemory.ALLOW);
                WalFile file = storage.create("a")) {
            file.zero(0, 2 << 20);
            file.zero(2 << 20, 4_096);

            assertThat(file.size()).isEqualTo((2 << 20) + 4_096);
        }
    }
}
