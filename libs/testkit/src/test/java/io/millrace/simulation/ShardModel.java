package io.millrace.simulation;

import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// What a store must hold, kept beside it by the same requests and answers.
///
/// Threads: one.
final class ShardModel {

    /// Sorted, so that one seed replays one run.
    private final Map<PartitionId, PartitionModel> partitions = new TreeMap<>();
    private final Map<TopicId, Topic> topics = new TreeMap<>();
    private final Set<TopicId> deletionsUnanswered = new HashSet<>();
    private boolean isCreationUnanswered;
    private long nextProducerId;

    /// Knows the same, and goes on by itself.
    ShardModel copy() {
        ShardModel copy = new ShardModel();
        partitions.forEach((id, partition) -> copy.partitions.put(id, partition.copy()));
        copy.topics.putAll(topics);
        copy.deletionsUnanswered.addAll(deletionsUnanswered);
        copy.isCreationUnanswered = isCreationUnanswered;
        copy.nextProducerId = nextProducerId;
        return copy;
    }

    List<Topic> topics() {
        return List.copyOf(topics.values());
    }

    PartitionModel partition(PartitionId partitionId) {
        return Objects.requireNonNull(partitions.get(partitionId));
    }

    void sendCreation() {
        isCreationUnanswered = true;
    }

    void sendDeletion(TopicId topicId) {
        deletionsUnanswered.add(topicId);
    }

    void store(Topic topic) {
        topics.put(topic.id(), topic);
        for (int i = 0; i < topic.partitionCount(); i++) {
            partitions.putIfAbsent(new PartitionId(topic.id(), i), new PartitionModel());
        }
        isCreationUnanswered = false;
    }

    void delete(TopicId topicId) {
        topics.remove(topicId);
        partitions.keySet().removeIf(partition -> partition.topicId().equals(topicId));
        deletionsUnanswered.remove(topicId);
    }

    void giveProducerIds(long firstId, int count) {
        if (firstId < nextProducerId) {
            throw new AssertionError("producer id " + firstId + " was given out before");
        }
        nextProducerId = firstId + count;
    }

    /// Checks a store that was recovered, and takes over what it kept of the unanswered.
    void recover(StoreRig rig) throws IOException {
        Map<TopicId, Topic> found = rig.store().catalog().topics();
        for (Topic topic : topics()) {
            if (!found.containsKey(topic.id())) {
                check(deletionsUnanswered.contains(topic.id()), "an acknowledged topic is gone: " + topic.name());
                delete(topic.id());
            }
        }
        boolean mayBeNew = isCreationUnanswered;
        for (Topic topic : found.values()) {
            Topic known = topics.get(topic.id());
            check(topic.equals(known) || mayBeNew, "a topic that nobody asked for: " + topic);
            store(topic);
        }
        deletionsUnanswered.clear();
        isCreationUnanswered = false;
        for (Map.Entry<PartitionId, PartitionModel> partition : partitions.entrySet()) {
            Watermarks watermarks = rig.store().watermarks(partition.getKey()).orElseThrow();
            partition
                    .getValue()
                    .recover(
                            watermarks.logStartOffset(),
                            watermarks.highWatermark(),
                            readAll(rig, partition.getKey(), watermarks.logStartOffset()));
        }
    }

    /// Checks what a store answers for one offset, and for the largest timestamp from that batch on.
    void compareAt(StoreRig rig, PartitionId partitionId, long offset) throws IOException {
        PartitionModel model = partition(partitionId);
        RecordBatch expected = model.covering(offset);
        ReadOutcome outcome = rig.store().read(new ReadRequest(partitionId, offset, 1));
        check(outcome instanceof ReadOutcome.Batches, "offset " + offset + " cannot be read: " + outcome);
        RecordBatch found = ((ReadOutcome.Batches) outcome).batches().getFirst();
        boolean isSame = found.buffer()
                .equals(expected.placedAt(expected.baseOffset(), found.leaderEpoch())
                        .buffer());
        check(isSame, "other bytes at offset " + offset);
        compareTimestamps(rig, partitionId, expected.maxTimestamp());
    }

    private void compareTimestamps(StoreRig rig, PartitionId partitionId, long timestamp) throws IOException {
        PartitionModel model = partition(partitionId);
        RecordBatch first = model.atTimestamp(timestamp).orElseThrow();
        OffsetOutcome outcome = rig.store().offset(new OffsetQuery.AtTimestamp(partitionId, timestamp));
        boolean isInside = outcome instanceof OffsetOutcome.Found found
                && found.offset() >= first.baseOffset()
                && found.offset() < first.endOffset();
        // The record with the timestamp may lie before the log's start, and the next batch that has one behind it.
        boolean isCut = first.baseOffset() < model.logStartOffset();
        check(isInside || isCut, "timestamp " + timestamp + " is found at " + outcome + ", expected in " + first);
        OffsetOutcome max = rig.store().offset(new OffsetQuery.MaxTimestamp(partitionId));
        boolean isMax = max instanceof OffsetOutcome.Found found && found.timestampMillis() == model.maxTimestamp();
        check(isMax || isCut || model.hasCutBatch(), "the largest timestamp is found at " + max);
    }

    /// Checks a few offsets of each partition.
    void compareSome(StoreRig rig, RandomGenerator random) throws IOException {
        for (Map.Entry<PartitionId, PartitionModel> partition : partitions.entrySet()) {
            long start = partition.getValue().logStartOffset();
            long end = partition.getValue().endOffset();
            for (int i = 0; i < 10 && start < end; i++) {
                compareAt(rig, partition.getKey(), random.nextLong(start, end));
            }
        }
    }

    /// Checks a running store.
    void compare(StoreRig rig) throws IOException {
        check(rig.store().catalog().topics().equals(topics), "the catalog differs");
        for (Map.Entry<PartitionId, PartitionModel> partition : partitions.entrySet()) {
            PartitionModel model = partition.getValue();
            model.compare(readAll(rig, partition.getKey(), model.logStartOffset()));
        }
    }

    private static List<RecordBatch> readAll(StoreRig rig, PartitionId partitionId, long fromOffset)
            throws IOException {
        List<RecordBatch> all = new ArrayList<>();
        long next = fromOffset;
        while (true) {
            ReadOutcome outcome = rig.read(partitionId, next);
            check(outcome instanceof ReadOutcome.Batches, "offset " + next + " cannot be read: " + outcome);
            List<RecordBatch> batches = ((ReadOutcome.Batches) outcome).batches();
            if (batches.isEmpty()) {
                return all;
            }
            all.addAll(batches);
            next = batches.getLast().endOffset();
        }
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
