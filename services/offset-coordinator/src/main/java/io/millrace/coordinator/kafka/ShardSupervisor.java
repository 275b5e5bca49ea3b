package io.millrace.coordinator.kafka;

import io.millrace.coordinator.log.GroupEntry;
import io.millrace.coordinator.log.LoadedShard;
import io.millrace.coordinator.log.ShardEvents;
import io.millrace.kafka.wire.Uuids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.coordinator.common.runtime.CoordinatorLoader;
import org.apache.kafka.coordinator.common.runtime.CoordinatorPlayback;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.jspecify.annotations.Nullable;

/// Gives every shard an owner and keeps it so: takes shards over, loads them into Kafka's coordinator, and when a
/// shard's log is lost unloads it and loads it again, because memory may then be ahead of the store.
///
/// Threads: see [CoordinatorThreads].
/// Errors: a load that failed is tried again after a pause that grows, for as long as the process lives; meanwhile the
/// shard's groups are answered NOT_COORDINATOR.
final class ShardSupervisor implements CoordinatorLoader<CoordinatorRecord> {

    /// Kafka keeps uncommitted snapshots of what is replayed; this often they are let go.
    private static final int ENTRIES_PER_COMMIT = 16_384;

    private static final Duration RETRY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);

    private final GroupSource source;
    private final GroupWriter writer;
    private final CoordinatorThreads threads;
    private final Time time;
    private final CoordinatorEvents events;
    private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
    private final Map<Integer, ShardPhase> phases = new ConcurrentHashMap<>();
    private final Map<Integer, Duration> pauses = new ConcurrentHashMap<>();

    /// Kafka's own count of elections; the epoch that fences is the log's.
    private final Map<Integer, Integer> elections = new ConcurrentHashMap<>();

    /// Written once, by [#start].
    private volatile @Nullable GroupCoordinator coordinator;

    ShardSupervisor(
            GroupSource source, GroupWriter writer, CoordinatorThreads threads, Time time, CoordinatorEvents events) {
        this.source = source;
        this.writer = writer;
        this.threads = threads;
        this.time = time;
        this.events = events;
    }

    void start(GroupCoordinator started, int shards) {
        coordinator = started;
        for (int shard = 0; shard < shards; shard++) {
            elect(shard);
        }
        long pauseMillis = Upkeep.PAUSE.toMillis();
        var _ = threads.control()
                .scheduleWithFixedDelay(
                        new Upkeep(source.log()::keepUp, time::nanoseconds),
                        pauseMillis,
                        pauseMillis,
                        TimeUnit.MILLISECONDS);
    }

    Map<Integer, ShardPhase> phases() {
        return new TreeMap<>(phases);
    }

    private void elect(int shard) {
        GroupCoordinator started = coordinator;
        if (started != null) {
            phases.put(shard, new ShardPhase.Loading());
            started.onElection(shard, elections.merge(shard, 1, Integer::sum));
        }
    }

    @Override
    public CompletableFuture<LoadSummary> load(TopicPartition shard, CoordinatorPlayback<CoordinatorRecord> playback) {
        long queuedMillis = time.milliseconds();
        CompletableFuture<LoadSummary> loaded =
                CompletableFuture.supplyAsync(() -> load(shard, playback, queuedMillis), threads.loaders());
        return loaded.whenComplete((_, failure) -> {
            if (failure != null) {
                events.loadFailed(shard.partition(), failure);
                restart(shard.partition(), failure.toString());
            }
        });
    }

    private LoadSummary load(TopicPartition shard, CoordinatorPlayback<CoordinatorRecord> playback, long queuedMillis) {
        long startedMillis = time.milliseconds();
        LoadedShard loaded = takeOver(shard);
        long bytes = 0;
        int replayed = 0;
        int leftOut = 0;
        for (GroupEntry entry : loaded.entries()) {
            CoordinatorRecord record = serde.deserialize(ByteBuffer.wrap(entry.key()), ByteBuffer.wrap(entry.value()));
            if (isOfDeletedTopic(record)) {
                leftOut++;
            } else {
                playback.replay(entry.sequence(), RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, record);
            }
            bytes += entry.key().length + entry.value().length;
            replayed++;
            if (replayed % ENTRIES_PER_COMMIT == 0) {
                playback.updateLastWrittenOffset(entry.sequence() + 1);
                playback.updateLastCommittedOffset(entry.sequence() + 1);
            }
        }
        playback.updateLastWrittenOffset(loaded.nextSequence());
        playback.updateLastCommittedOffset(loaded.nextSequence());
        writer.serve(loaded.tenure());
        long endMillis = time.milliseconds();
        ShardPhase.Serving serving =
                new ShardPhase.Serving(loaded.tenure().epoch(), replayed, endMillis - startedMillis);
        phases.put(shard.partition(), serving);
        pauses.remove(shard.partition());
        events.shardLoaded(shard.partition(), serving);
        if (leftOut > 0) {
            events.offsetsLeftOut(shard.partition(), leftOut);
        }
        return new LoadSummary(startedMillis, endMillis, startedMillis - queuedMillis, replayed, bytes);
    }

    private LoadedShard takeOver(TopicPartition shard) {
        try {
            return source.log().takeOver(shard.partition(), new OwnerEvents(shard));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kafka's coordinator deletes a deleted topic's offsets in the shards that are active just then. What it
    /// missed is left out here; in the log it stays until the partition's next commit takes its place.
    private boolean isOfDeletedTopic(CoordinatorRecord record) {
        return record.value().message() instanceof OffsetCommitValue offset
                && !offset.topicId().equals(Uuid.ZERO_UUID)
                && source.topics().get().topic(Uuids.topicId(offset.topicId())).isEmpty();
    }

    /// Unloads a shard now, which answers what waits for it, and elects this node again after a pause.
    private void restart(int shard, String why) {
        phases.put(shard, new ShardPhase.Failed(why));
        Duration pause = pauses.merge(shard, RETRY_MIN, (last, _) -> longer(last));
        try {
            threads.control().execute(() -> resign(shard));
            var _ = threads.control().schedule(() -> elect(shard), pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            phases.put(shard, new ShardPhase.Failed("the service is stopping"));
        }
    }

    private static Duration longer(Duration last) {
        Duration twice = last.multipliedBy(2);
        return twice.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : twice;
    }

    private void resign(int shard) {
        GroupCoordinator started = coordinator;
        if (started != null) {
            started.onResignation(shard, OptionalInt.empty());
        }
    }

    static TopicPartition partition(int shard) {
        return new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, shard);
    }

    /// The pool belongs to the service, which stops it.
    @Override
    public void close() {
        coordinator = null;
    }

    private final class OwnerEvents implements ShardEvents {
        private final TopicPartition shard;

        private OwnerEvents(TopicPartition shard) {
            this.shard = shard;
        }

        @Override
        public void durable(long endSequence) {
            writer.advance(shard, endSequence);
        }

        @Override
        public void putCompleted(long nanos, int byteCount) {
            events.putCompleted(nanos, byteCount);
        }

        @Override
        public void lost(String why) {
            events.shardLost(shard.partition(), why);
            restart(shard.partition(), why);
        }

        @Override
        public void folded(int batchCount) {
            events.folded(batchCount);
        }
    }
}
