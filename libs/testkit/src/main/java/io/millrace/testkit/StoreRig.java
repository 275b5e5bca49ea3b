package io.millrace.testkit;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.sealed.SealOptions;
import io.millrace.store.AppendSession;
import io.millrace.store.LogStore;
import io.millrace.store.ScrubOptions;
import io.millrace.store.StoreEnvironment;
import io.millrace.store.WalOptions;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/// A store whose steps the test takes itself, so that one seed replays one run.
///
/// Threads: one.
public final class StoreRig {

    /// Never begins a pass.
    public static final SealOptions UNSEALED = new SealOptions(1_000_000, 1_000_000, 1, 1, 1, 1, 2, 1, 0);

    /// So small that the log goes on between the slices of a checkpoint.
    private static final int CHECKPOINT_SLICE = 2;

    private final WalOptions options;
    private final SimulatedClock clock;
    private final SplittableRandom random;
    private final RecordedEvents events = new RecordedEvents();
    private LogStore store;
    private AppendSession session;

    private StoreRig(WalStorage storage, WalOptions options, SimulatedClock clock, long seed) throws IOException {
        this.options = options;
        this.clock = clock;
        this.random = new SplittableRandom(seed);
        this.store = opened(storage);
        this.session = store.openSession("ingest-0");
    }

    public static StoreRig open(WalStorage storage, WalOptions options, SimulatedClock clock, long seed)
            throws IOException {
        return new StoreRig(storage, options, clock, seed);
    }

    public static StoreRig open(WalStorage storage) throws IOException {
        return new StoreRig(storage, smallOptions(), new SimulatedClock(1_000_000), 1);
    }

    /// Segments so small that tests roll them.
    public static WalOptions smallOptions() {
        return smallOptions(UNSEALED, Long.MAX_VALUE);
    }

    /// The same, with a checkpoint after this many bytes, and these bounds of sealing.
    public static WalOptions smallOptions(SealOptions sealing, long checkpointBytes) {
        return options(256 * 1024, sealing, checkpointBytes);
    }

    /// Rounds so large that a change of a topic, whose size is taken as the largest, finds room beside batches.
    public static WalOptions roomyOptions() {
        return options(1 << 20, UNSEALED, Long.MAX_VALUE);
    }

    /// The smallest segments that there can be, for tests that open many logs.
    public static WalOptions smallestOptions() {
        return smallestOptions(UNSEALED, Long.MAX_VALUE);
    }

    /// The same, with a checkpoint after this many bytes, and these bounds of sealing.
    public static WalOptions smallestOptions(SealOptions sealing, long checkpointBytes) {
        return options(64 * 1024, sealing, checkpointBytes);
    }

    private static WalOptions options(int segmentBytes, SealOptions sealing, long checkpointBytes) {
        return new WalOptions(
                segmentBytes,
                1,
                segmentBytes / 4,
                segmentBytes / 4,
                1 << 20,
                1_000,
                1 << 20,
                1_000,
                100,
                1,
                1,
                0,
                Duration.ofDays(1),
                Duration.ofSeconds(10),
                checkpointBytes,
                CHECKPOINT_SLICE,
                sealing,
                2_048,
                new ScrubOptions(Long.MAX_VALUE, 100));
    }

    private LogStore opened(WalStorage storage) throws IOException {
        return LogStore.open(
                storage, options, new StoreEnvironment(clock, clock, random, new PlainBatchCleaner()), events);
    }

    /// Forgets the old store, as a crash does, and recovers from this storage.
    public void reopen(WalStorage storage) throws IOException {
        store = opened(storage);
        session = store.openSession("ingest-0");
    }

    public LogStore store() {
        return store;
    }

    public AppendSession session() {
        return session;
    }

    public RecordedEvents events() {
        return events;
    }

    public SimulatedClock clock() {
        return clock;
    }

    public Topic createTopic(String name, int partitionCount) {
        return createTopic(name, partitionCount, Map.of());
    }

    public Topic createTopic(String name, int partitionCount, Map<String, String> configs) {
        CommandOutcome outcome =
                execute(new Command.CreateTopic(name, partitionCount, -1, configs, Command.Mode.EXECUTE));
        if (outcome instanceof CommandOutcome.TopicStored(Topic topic)) {
            return topic;
        }
        throw new AssertionError("topic " + name + " was not created: " + outcome);
    }

    public CommandOutcome execute(Command command) {
        var answer = store.execute(command);
        commitAll();
        return answer.join();
    }

    public AppendOutcome append(PartitionId partitionId, RecordBatch batch) {
        var answer = session.append(partitionId, batch);
        commitAll();
        return answer.join();
    }

    /// Takes steps until nothing waits.
    public void commitAll() {
        while (store.commitIfDue() > 0) {
            // One round a step.
        }
    }

    /// Takes the steps of both threads until what can be sealed and freed is.
    public void keepUp() {
        for (int i = 0; i < 40; i++) {
            store.upkeep();
            commitAll();
        }
    }

    public ReadOutcome read(PartitionId partitionId, long fromOffset) throws IOException {
        return store.read(new ReadRequest(partitionId, fromOffset, Integer.MAX_VALUE));
    }

    public static PartitionId partition(TopicId topicId, int partition) {
        return new PartitionId(topicId, partition);
    }
}
