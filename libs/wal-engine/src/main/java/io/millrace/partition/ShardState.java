package io.millrace.partition;

import io.millrace.compaction.Survivors.Kept;
import io.millrace.compaction.Survivors.TombstoneTimes;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.RecordBatch;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import io.millrace.model.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everything that a shard remembers, as its durable entries made it. Live traffic and recovery go through the same
/// [#apply]; nothing is restored in any other way.
///
/// Threads: the commit thread changes it; any thread may look up a partition and the catalog.
public final class ShardState {

    /// What a topic's entry can have, with all its configurations.
    public static final int TOPIC_BYTES_MAX = 64 * 1024;

    private static final int PRODUCERS_SWEPT_PER_ROUND = 8;

    private final long producerExpiryMillis;
    private final SpaceLedger space;
    private final CatalogState catalogState;
    private final Map<PartitionId, PartitionLog> partitions = new ConcurrentHashMap<>();
    private final List<PartitionLog> touched = new ArrayList<>();
    private final List<CatalogNews> news = new ArrayList<>();
    private Iterator<PartitionLog> swept;
    private ProducerStates sweptPartition = new ProducerStates(0);
    private Iterator<Long> sweptProducers = Collections.emptyIterator();
    /// Written by the commit thread at the end of a round.
    private volatile Catalog catalog;

    public ShardState(String clusterId, long producerExpiryMillis, SpaceLedger space) {
        this.catalogState = new CatalogState(clusterId);
        this.producerExpiryMillis = producerExpiryMillis;
        this.space = space;
        this.swept = partitions.values().iterator();
        this.catalog = catalogState.catalog();
    }

    public int ownerEpoch() {
        return catalogState.catalog().ownerEpoch();
    }

    public Catalog catalog() {
        return catalog;
    }

    public @Nullable PartitionLog find(PartitionId partitionId) {
        return partitions.get(partitionId);
    }

    CatalogState catalogState() {
        return catalogState;
    }

    Map<PartitionId, PartitionLog> partitions() {
        return partitions;
    }

    /// Those there are when it is asked; what is created or deleted while it is followed may be in it or not.
    public Iterator<PartitionId> partitionIds() {
        return partitions.keySet().iterator();
    }

    /// A partition that the round creates starts out empty.
    PartitionLog partitionOrNew(PartitionId partitionId) {
        PartitionLog known = partitions.get(partitionId);
        return known != null ? known : newPartition(partitionId);
    }

    private PartitionLog newPartition(PartitionId partitionId) {
        return new PartitionLog(partitionId, ownerEpoch(), producerExpiryMillis, space);
    }

    /// Where the requests of the next round are decided.
    public ShardDraft draft(RoundContext context, CatalogLimits limits, Supplier<TopicId> newTopicIds) {
        return new ShardDraft(this, context, limits, newTopicIds);
    }

    /// Changes the state by one durable entry.
    ///
    /// @param body lent for the call
    public void apply(int type, ByteBuffer body, EntryPlace place) {
        if (EntryCodec.isBatch(type)) {
            apply(EntryCodec.partitionId(body), EntryCodec.batch(body), place);
            return;
        }
        switch (EntryCodec.decode(type, body)) {
            case Entry.BatchAppended appended -> apply(appended.partitionId(), appended.batch(), place);
            case Entry.LogStartMoved moved -> {
                PartitionLog partition = existing(moved.partitionId());
                partition.moveLogStart(moved.logStartOffset());
                touch(partition);
            }
            case Entry.TopicStored stored -> store(stored.topic());
            case Entry.TopicDeleted deleted -> delete(deleted.topicId());
            case Entry.ResourceStored stored -> store(stored.resource(), stored.configs());
            case Entry.ProducerIdsGiven given -> catalogState.giveProducerIds(given.firstId(), given.count());
            case Entry.OwnerStarted started -> startOwner(started.ownerEpoch());
        }
    }

    private void apply(PartitionId partitionId, RecordBatch batch, EntryPlace place) {
        PartitionLog partition = existing(partitionId);
        partition.apply(batch, place.position(), place.sizeInLog(), place.roundMillis());
        touch(partition);
    }

    /// Where an entry is.
    ///
    /// @param roundMillis the time of its round
    public record EntryPlace(long position, int sizeInLog, long roundMillis) {}

    private PartitionLog existing(PartitionId partitionId) {
        PartitionLog partition = partitions.get(partitionId);
        if (partition == null) {
            throw new IllegalStateException(
                    "Broken invariant: an entry of a partition follows that of its topic: " + partitionId);
        }
        return partition;
    }

    private void touch(PartitionLog partition) {
        if (partition.touch()) {
            touched.add(partition);
        }
    }

    private void store(Topic topic) {
        Topic before = catalogState.put(topic);
        for (int i = before == null ? 0 : before.partitionCount(); i < topic.partitionCount(); i++) {
            PartitionLog partition = newPartition(new PartitionId(topic.id(), i));
            partitions.put(partition.id(), partition);
            touch(partition);
        }
        news.add(new CatalogNews.TopicChanged(catalogState.catalog().version(), topic));
    }

    private void delete(TopicId topicId) {
        Topic before = catalogState.remove(topicId);
        if (before == null) {
            throw new IllegalStateException("Broken invariant: a topic that is deleted exists: " + topicId);
        }
        for (int i = 0; i < before.partitionCount(); i++) {
            PartitionLog partition = partitions.remove(new PartitionId(topicId, i));
            if (partition != null) {
                partition.delete();
            }
        }
        news.add(new CatalogNews.TopicDeleted(catalogState.catalog().version(), topicId));
    }

    private void store(Resource resource, Map<String, String> configs) {
        catalogState.put(resource, configs);
        news.add(new CatalogNews.ResourceChanged(catalogState.catalog().version(), resource, configs));
    }

    private void startOwner(int newOwnerEpoch) {
        Invariant.check(newOwnerEpoch > ownerEpoch(), "owner epochs grow");
        catalogState.startOwner(newOwnerEpoch);
        partitions.values().forEach(this::touch);
    }

    /// Ends a round: readers see what was applied.
    public AppliedRound publish(long roundMillis) {
        int ownerEpoch = ownerEpoch();
        List<PartitionNews> partitionNews = new ArrayList<>(touched.size());
        for (PartitionLog partition : touched) {
            if (!partition.isDeleted()) {
                partitionNews.add(new PartitionNews(partition.id(), partition.publish(ownerEpoch)));
            }
        }
        AppliedRound applied = new AppliedRound(partitionNews, List.copyOf(news));
        touched.clear();
        news.clear();
        catalog = catalogState.catalog();
        sweep(roundMillis);
        return applied;
    }

    /// What a round changed.
    public record AppliedRound(List<PartitionNews> partitions, List<CatalogNews> catalog) {}

    /// Frees the memory of expired producers, a few in each round.
    private void sweep(long roundMillis) {
        for (int i = 0; i < PRODUCERS_SWEPT_PER_ROUND; i++) {
            if (sweptProducers.hasNext()) {
                sweptPartition.removeIfExpired(sweptProducers.next(), roundMillis);
                continue;
            }
            if (!swept.hasNext()) {
                swept = partitions.values().iterator();
            }
            if (!swept.hasNext()) {
                return;
            }
            sweptPartition = swept.next().producers();
            sweptProducers = sweptPartition.states().keySet().iterator();
        }
    }

    /// Puts a batch into the index whose effects the restored state has already. Batches of deleted topics stay out.
    public void place(int type, ByteBuffer body, EntryPlace place) {
        if (EntryCodec.decode(type, body) instanceof Entry.BatchAppended appended) {
            PartitionLog partition = partitions.get(appended.partitionId());
            if (partition != null) {
                partition.place(appended.batch(), place.position(), place.sizeInLog());
            }
        }
    }

    /// Lets a partition answer from new runs; those of a partition that is gone never come to life.
    public void swap(SealedSwap swap) {
        PartitionLog partition = partitions.get(swap.partitionId());
        if (partition != null) {
            partition.swap(swap);
        }
    }

    /// What compaction could do for a partition now; empty if its topic is not compacted. Commit thread.
    public Optional<CompactionWorth> compactionWorth(PartitionId partitionId, long nowMillis) {
        Topic topic = catalogState.find(partitionId.topicId());
        PartitionLog partition = partitions.get(partitionId);
        if (topic == null || partition == null) {
            return Optional.empty();
        }
        long cleanedOffset = Math.max(partition.cleanedOffset(), partition.logStartOffset());
        CompactionRule.Reach reach =
                new CompactionRule.Reach(cleanedOffset, partition.sealedRuns().endOffset(0));
        return CompactionRule.of(topic).flatMap(rule -> rule.decide(partition.stretches(), reach, nowMillis));
    }

    /// Makes a task of it. Commit thread.
    public Optional<CompactionTask> compactionTask(PartitionId partitionId, long nowMillis) {
        return compactionWorth(partitionId, nowMillis).map(worth -> {
            PartitionLog partition = partitionOrNew(partitionId);
            Topic topic = Objects.requireNonNull(catalogState.find(partitionId.topicId()), "it has a worth");
            return new CompactionTask(
                    partition,
                    partition.cleanedOffset(),
                    worth.endOffset(),
                    new Kept(partition.producers().lastBaseOffsets(nowMillis), partition.logEndOffset()),
                    new TombstoneTimes(nowMillis, TopicConfigs.deleteRetentionMillis(topic)));
        });
    }

    /// Takes into account what compaction did, once its runs were swapped in. Commit thread.
    public void cleaned(CompactionTask.Done done) {
        done.task().partition().cleaned(done.endOffset(), done.removed());
    }

    /// Takes over the runs that the files hold.
    ///
    /// @param latestFirst in the order of the files, the latest first
    /// @return the first partition between whose runs something is missing
    public Optional<PartitionId> restoreRuns(List<SealedRun> latestFirst) {
        Map<PartitionId, List<SealedRun>> runs = new HashMap<>();
        for (SealedRun run : latestFirst) {
            if (partitions.containsKey(run.partitionId())) {
                runs.computeIfAbsent(run.partitionId(), _ -> new ArrayList<>()).add(run);
            }
        }
        return runs.entrySet().stream()
                .filter(each -> !partitionOrNew(each.getKey()).restore(each.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// All partitions, in no order. Any thread.
    public Collection<PartitionLog> allPartitions() {
        return Collections.unmodifiableCollection(partitions.values());
    }

    long nextProducerId() {
        return catalogState.nextProducerId();
    }

    /// Fills an empty state; where its batches are, the files tell.
    public void restore(CapturedState captured) {
        catalogState.restore(captured.catalog());
        for (Topic topic : captured.topics()) {
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionLog partition = newPartition(new PartitionId(topic.id(), i));
                partition.restore(captured.partition(partition.id()));
                partitions.put(partition.id(), partition);
                touch(partition);
            }
        }
    }
}
