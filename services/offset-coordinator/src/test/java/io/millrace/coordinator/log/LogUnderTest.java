package io.millrace.coordinator.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// One owner's log over a store, with records written as `key=value` and folds run by hand.
final class LogUnderTest {

    static final int SHARD = 3;

    final List<String> events = new CopyOnWriteArrayList<>();
    final List<GroupStoreException> foldFailures = new ArrayList<>();
    private final Deque<Runnable> folds = new ArrayDeque<>();
    private final LocalGroupLog log;

    LogUnderTest(GroupStore store) {
        this(store, new GroupLogOptions(1 << 20, 4, 1 << 20, 16));
    }

    LogUnderTest(GroupStore store, GroupLogOptions options) {
        log = new LocalGroupLog(
                store,
                options,
                new LogClock(() -> 0),
                LogUnderTest::read,
                new FoldThread(folds::add, foldFailures::add));
    }

    LoadedShard takeOver() throws GroupStoreException {
        return log.takeOver(SHARD, new RecordingEvents());
    }

    void fold() {
        while (!folds.isEmpty()) {
            folds.removeFirst().run();
        }
    }

    /// Each record is `key=value`, or `key=` for its removal.
    static Admission append(ShardTenure tenure, String... records) {
        return tenure.append(String.join("\n", records).getBytes(StandardCharsets.UTF_8), records.length);
    }

    static StoredBatch batch(int epoch, String record) {
        return new StoredBatch(StoredBatch.Kind.RECORDS, epoch, 1, record.getBytes(StandardCharsets.UTF_8));
    }

    /// What a load says, by key, as `value@sequence`.
    static Map<String, String> contents(LoadedShard loaded) {
        Map<String, String> contents = new TreeMap<>();
        for (GroupEntry entry : loaded.entries()) {
            contents.put(text(entry.key()), text(entry.value()) + "@" + entry.sequence());
        }
        return contents;
    }

    private static List<GroupRecord> read(byte[] bytes) {
        return Arrays.stream(text(bytes).split("\n", -1))
                .map(line -> line.split("=", 2))
                .map(pair -> new GroupRecord(
                        pair[0].getBytes(StandardCharsets.UTF_8),
                        pair[1].isEmpty() ? Optional.empty() : Optional.of(pair[1].getBytes(StandardCharsets.UTF_8))))
                .toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private final class RecordingEvents implements ShardEvents {
        @Override
        public void durable(long endSequence) {
            events.add("durable " + endSequence);
        }

        @Override
        public void putCompleted(long nanos, int byteCount) {}

        @Override
        public void lost(String why) {
            events.add("lost");
        }

        @Override
        public void folded(int batchCount) {
            events.add("folded " + batchCount);
        }
    }
}
