package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.sealed.SealOptions;
import io.millrace.store.AppendSession;
import io.millrace.store.LogStore;
import io.millrace.store.StoreEnvironment;
import io.millrace.store.WalOptions;
import io.millrace.testkit.PlainBatchCleaner;
import io.millrace.testkit.RecordedEvents;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.StoreRig;
import io.millrace.wal.storage.FileStorage;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The threads of a service around one store on a real disk: no wake-up is lost, and readers see whole batches only.
@Timeout(120)
final class ThreadsTest {

    private static final int BATCHES_PER_PRODUCER = 400;
    private static final int PRODUCER_COUNT = 3;

    private final AtomicBoolean isOver = new AtomicBoolean();

    @Test
    void appendsReadsAndUpkeepWorkSideBySide(@TempDir Path directory) throws Exception {
        workOn(opened(directory, StoreRig.smallOptions()));

        LogStore reopened = opened(directory, StoreRig.smallOptions());

        assertThat(reopened.status().recovery().wasClean()).isTrue();
        assertThat(reopened.status().recovery().segmentCount()).isGreaterThan(3);
        reopened.close();
    }

    @Test
    void readersDoNotNoticeThatBatchesMove(@TempDir Path directory) throws Exception {
        SealOptions sealing = new SealOptions(1, 2, 100_000, 100_000, 5_000, 5, 1_000, Long.MAX_VALUE, 5_000);
        WalOptions options = StoreRig.smallOptions(sealing, 200_000);
        workOn(opened(directory, options));

        LogStore reopened = opened(directory, options);
        for (int i = 0; i < 50; i++) {
            // How far the other threads came with it, chance decides.
            reopened.upkeep();
            reopened.commitIfDue();
        }

        assertThat(reopened.status().sealing().files()).isNotEmpty();
        assertThat(reopened.status().segments()).hasSizeLessThan(4);
        reopened.close();
    }

    private void workOn(LogStore store) throws Exception {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            Future<?> commit = threads.submit(commitLoop(store));
            Future<?> upkeep = threads.submit(upkeepLoop(store));
            var created = store.execute(new Command.CreateTopic("t", PRODUCER_COUNT, 1, Map.of(), Command.Mode.EXECUTE))
                    .get(30, TimeUnit.SECONDS);
            var topic = ((CommandOutcome.TopicStored) created).topic();
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < PRODUCER_COUNT; i++) {
                PartitionId partition = new PartitionId(topic.id(), i);
                clients.add(threads.submit(producer(store, partition)));
                clients.add(threads.submit(consumer(store, partition)));
            }
            Future<?> wanderer = threads.submit(wanderer(store, new PartitionId(topic.id(), 0)));
            for (Future<?> client : clients) {
                client.get(100, TimeUnit.SECONDS);
            }
            isOver.set(true);
            wanderer.get(10, TimeUnit.SECONDS);
            commit.get(10, TimeUnit.SECONDS);
            upkeep.get(10, TimeUnit.SECONDS);
        }
        store.close();
    }

    private static LogStore opened(Path directory, WalOptions options) throws IOException {
        SimulatedClock clock = new SimulatedClock(1_000);
        return LogStore.open(
                FileStorage.open(directory, VolatileMemory.ALLOW),
                options,
                new StoreEnvironment(clock, clock, new Random(1), new PlainBatchCleaner()),
                new RecordedEvents());
    }

    private Callable<Void> commitLoop(LogStore store) {
        return () -> {
            while (!isOver.get()) {
                store.awaitWork(Duration.ofMillis(500));
                store.commitIfDue();
            }
            return null;
        };
    }

    private Callable<Void> upkeepLoop(LogStore store) {
        return () -> {
            while (!isOver.get()) {
                store.awaitUpkeep(Duration.ofMillis(500));
                store.upkeep();
            }
            return null;
        };
    }

    private static Callable<Void> producer(LogStore store, PartitionId partition) {
        return () -> {
            AppendSession session = store.openSession("ingest-" + partition.partition());
            List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>();
            for (int i = 0; i < BATCHES_PER_PRODUCER; i++) {
                answers.add(
                        session.append(partition, batch().withValueBytes(1_000).build()));
                if (i % 5 == 4) {
                    answers.getLast().get(30, TimeUnit.SECONDS);
                }
            }
            for (int i = 0; i < BATCHES_PER_PRODUCER; i++) {
                assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(new AppendOutcome.Appended(i, 0, -1));
            }
            return null;
        };
    }

    /// Reads what is old and what is new, each batch by itself.
    private Callable<Void> wanderer(LogStore store, PartitionId partition) {
        return () -> {
            Random random = new Random(7);
            while (!isOver.get()) {
                long end = store.watermarks(partition).orElseThrow().highWatermark();
                if (end > 0) {
                    long offset = random.nextLong(end);
                    ReadOutcome outcome = store.read(new ReadRequest(partition, offset, 1));
                    List<RecordBatch> read = ((ReadOutcome.Batches) outcome).batches();
                    assertThat(read).hasSize(1);
                    assertThat(read.getFirst().baseOffset()).isEqualTo(offset);
                }
            }
            return null;
        };
    }

    private static Callable<Void> consumer(LogStore store, PartitionId partition) {
        return () -> {
            long next = 0;
            while (next < BATCHES_PER_PRODUCER) {
                ReadOutcome outcome = store.read(new ReadRequest(partition, next, 50_000));
                for (RecordBatch read : ((ReadOutcome.Batches) outcome).batches()) {
                    assertThat(read.baseOffset()).isEqualTo(next);
                    assertThat(read.hasValidChecksum()).isTrue();
                    next = read.endOffset();
                }
                Thread.onSpinWait();
            }
            return null;
        };
    }
}
