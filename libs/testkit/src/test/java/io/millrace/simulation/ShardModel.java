package io.millrace.simulation;

import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
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
