package io.millrace.coordinator.log;

import static io.millrace.coordinator.log.LogUnderTest.append;
import static io.millrace.coordinator.log.LogUnderTest.contents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InfinispanGroupStoreTest {

    @TempDir
    Path directory;

    @Test
    void aShardSurvivesACleanRestart() throws IOException {
        try (InfinispanGroupStore store = InfinispanGroupStore.open(directory, 4)) {
            LogUnderTest log = new LogUnderTest(store);
            ShardTenure tenure = log.takeOver().tenure();
            appendAndWait(log, tenure, "a=1", "b=1");
            appendAndWait(log, tenure, "a=2", "b=");
        }

        try (InfinispanGroupStore store = InfinispanGroupStore.open(directory, 4)) {
            LoadedShard loaded = new LogUnderTest(store).takeOver();

            assertThat(contents(loaded)).isEqualTo(Map.of("a", "2@3"));
            assertThat(loaded.tenure().epoch()).isEqualTo(2);
        }
    }

    @Test
    void aCopyTakenInMidWriteHasEverythingThatWasDurableBefore() throws IOException {
        Path copy = directory.resolve("copy");
        Path original = directory.resolve("original");
        long durable;
        try (InfinispanGroupStore store = InfinispanGroupStore.open(original, 4)) {
            LogUnderTest log = new LogUnderTest(store);
            ShardTenure tenure = log.takeOver().tenure();
            for (int i = 1; i <= 12; i++) {
                appendAndWait(log, tenure, "k" + i + "=" + i, "last=" + i);
                log.fold();
            }
            durable = tenure.status().nextSequence();
            IntStream.range(0, 4).forEach(i -> append(tenure, "last=unanswered" + i));
            copyWhileOpen(original, copy);
        }

        try (InfinispanGroupStore store = InfinispanGroupStore.open(copy, 4)) {
            LoadedShard loaded = new LogUnderTest(store).takeOver();

            assertThat(contents(loaded)).containsKeys("k1", "k2", "k11", "k12", "last");
            assertThat(loaded.nextSequence()).isGreaterThan(durable);
            assertThat(contents(loaded).get("last")).matches("12@24|unanswered\\d@\\d+");
        }
    }

    @Test
    void ofPutsIntoOneSlotExactlyOneWins() throws IOException {
        try (InfinispanGroupStore store = InfinispanGroupStore.open(directory, 4)) {
            List<CompletableFuture<Boolean>> puts = IntStream.range(0, 32)
                    .mapToObj(i -> store.putIfAbsent(Slot.batch(1, 7), new byte[] {(byte) i}))
                    .toList();

            assertThat(puts.stream().filter(CompletableFuture::join)).hasSize(1);
        }
    }

    @Test
    void aScanSeesItsShardOnly() throws IOException {
        try (InfinispanGroupStore store = InfinispanGroupStore.open(directory, 4)) {
            for (int shard = 0; shard < 4; shard++) {
                store.put(Slot.batch(shard, shard), new byte[] {(byte) shard}).join();
                store.put(Slot.entry(shard, RecordKey.of(new byte[] {1})), new byte[] {1})
                        .join();
            }
            store.remove(Slot.batch(3, 3)).join();

            assertThat(store.scan(Table.BATCHES, 2))
                    .containsOnlyKeys(Slot.batch(2, 2).name());
            assertThat(store.scan(Table.BATCHES, 3)).isEmpty();
            assertThat(store.scan(Table.ENTRIES, 3)).hasSize(1);
        }
    }

    @Test
    void compareAndPutChangesOnlyWhatTheCallerHasSeen() throws IOException {
        try (InfinispanGroupStore store = InfinispanGroupStore.open(directory, 4)) {
            byte[] first = "first".getBytes(StandardCharsets.UTF_8);
            byte[] second = "second".getBytes(StandardCharsets.UTF_8);

            assertThat(store.compareAndPut(Slot.state(1), Optional.empty(), first))
                    .isTrue();
            assertThat(store.compareAndPut(Slot.state(1), Optional.empty(), second))
                    .isFalse();
            assertThat(store.compareAndPut(Slot.state(1), Optional.of(second), first))
                    .isFalse();
            assertThat(store.compareAndPut(Slot.state(1), Optional.of(first.clone()), second))
                    .isTrue();
        }
    }

    @Test
    void aSecondOwnerOfTheDirectoryIsRefusedClearly() throws IOException {
        try (InfinispanGroupStore _ = InfinispanGroupStore.open(directory, 4)) {
            assertThatThrownBy(() -> InfinispanGroupStore.open(directory, 4))
                    .isInstanceOf(GroupStoreException.class)
                    .hasMessageContaining("Another offset-coordinator is running on " + directory);
        }
    }

    @Test
    void anotherNumberOfShardsOrAnotherClusterIsRefused() throws IOException {
        try (InfinispanGroupStore store = InfinispanGroupStore.open(directory, 4)) {
            store.bindTo("cluster-a");
            store.bindTo("cluster-a");
        }

        assertThatThrownBy(() -> InfinispanGroupStore.open(directory, 8)).hasMessageContaining("created with 4 shards");
        try (InfinispanGroupStore store = InfinispanGroupStore.open(directory, 4)) {
            assertThatThrownBy(() -> store.bindTo("cluster-b")).hasMessageContaining("belongs to cluster cluster-a");
        }
    }

    private static void appendAndWait(LogUnderTest log, ShardTenure tenure, String... records) {
        int before = log.events.size();
        append(tenure, records);
        while (log.events.size() == before) {
            Thread.onSpinWait();
        }
    }

    /// What a kill leaves: files as they are at some moment, not all at the same one.
    private static void copyWhileOpen(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(path)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Files.copy(path, to.resolve(from.relativize(path)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }
}
