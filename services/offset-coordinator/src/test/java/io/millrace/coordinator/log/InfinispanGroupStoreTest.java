package io.millrace.coordinator.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InfinispanGroupStoreTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    @Test
    void whatWasPutSurvivesARestart() throws IOException {
        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
            store.put(Slot.batch(1, 7), new byte[] {1}).join();
            store.put(Slot.batch(1, 8), new byte[] {2}).join();
            store.remove(Slot.batch(1, 8)).join();
        }

        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
            assertThat(store.get(Slot.batch(1, 7)).join()).hasValue(new byte[] {1});
            assertThat(store.get(Slot.batch(1, 8)).join()).isEmpty();
        }
    }

    @Test
    void ofPutsIntoOneSlotExactlyOneWins() throws IOException {
        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
            List<CompletableFuture<Boolean>> puts = IntStream.range(0, 32)
                    .mapToObj(i -> store.putIfAbsent(Slot.batch(1, 7), new byte[] {(byte) i}))
                    .toList();

            assertThat(puts.stream().filter(CompletableFuture::join)).hasSize(1);
        }
    }

    /// Or one bad sector in what is obsolete would stop its shard's folding for ever.
    @Test
    void whatCannotBeReadCanBeOverwritten() throws IOException {
        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
            byte[] damaged = "a value that is to be damaged".getBytes(StandardCharsets.UTF_8);
            store.put(Slot.batch(1, 1), damaged).join();
            for (int i = 10; i < 100; i++) {
                store.put(Slot.batch(1, i), new byte[] {1}).join();
                store.get(Slot.batch(1, i)).join();
            }
            assertThat(damageAll(damaged)).isOne();

            assertThat(store.get(Slot.batch(1, 1))).failsWithin(PATIENCE);
            assertThat(store.put(Slot.batch(1, 1), new byte[] {7})).succeedsWithin(PATIENCE);

            assertThat(store.get(Slot.batch(1, 1)).join()).hasValue(new byte[] {7});
        }
    }

    private int damageAll(byte[] value) throws IOException {
        int found = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".segment")).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                String sought = new String(value, StandardCharsets.US_ASCII);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    for (int at = content.indexOf(sought); at >= 0; at = content.indexOf(sought, at + 1)) {
                        channel.write(ByteBuffer.wrap(new byte[] {'X'}), at);
                        found++;
                    }
                }
            }
        }
        return found;
    }

    @Test
    void aScanSeesItsShardOnly() throws IOException {
        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
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
        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
            byte[] first = "first".getBytes(StandardCharsets.UTF_8);
            byte[] second = "second".getBytes(StandardCharsets.UTF_8);

            assertThat(store.compareAndPut(Slot.state(1), Optional.empty(), first)
                            .join())
                    .isTrue();
            assertThat(store.compareAndPut(Slot.state(1), Optional.empty(), second)
                            .join())
                    .isFalse();
            assertThat(store.compareAndPut(Slot.state(1), Optional.of(second), first)
                            .join())
                    .isFalse();
            assertThat(store.compareAndPut(Slot.state(1), Optional.of(first.clone()), second)
                            .join())
                    .isTrue();
        }
    }

    @Test
    void aSecondOwnerOfTheDirectoryIsRefusedClearly() throws IOException {
        try (GroupLogStore _ = TestStores.open(directory, 4)) {
            assertThatThrownBy(() -> TestStores.open(directory, 4))
                    .isInstanceOf(GroupStoreException.class)
                    .hasMessageContaining("Another offset-coordinator is running on " + directory);
        }
    }

    @Test
    void anotherNumberOfShardsOrAnotherClusterIsRefused() throws IOException {
        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
            store.bindTo("cluster-a");
            store.bindTo("cluster-a");
        }

        assertThatThrownBy(() -> TestStores.open(directory, 8)).hasMessageContaining("created with 4 shards");
        try (GroupLogStore opened = TestStores.open(directory, 4)) {
            InfinispanGroupStore store = opened.store();
            assertThatThrownBy(() -> store.bindTo("cluster-b")).hasMessageContaining("belongs to cluster cluster-a");
        }
    }
}
