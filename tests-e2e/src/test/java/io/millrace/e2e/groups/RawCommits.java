package io.millrace.e2e.groups;

import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.cluster.HostPort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.Errors;

/// Commits offsets of groups without members, one request after the other, and notes what was answered.
///
/// Threads: one.
final class RawCommits implements AutoCloseable {
    private static final int COMMIT = 8;
    private static final int FETCH = 8;
    private static final String METADATA = "m".repeat(4_000);

    private final RawConnection connection;
    private final String topic;
    private final int partitionCount;
    private final Map<String, Long> answered;

    RawCommits(HostPort coordinator, String topic, int partitionCount, Map<String, Long> answered) {
        this.connection = RawConnection.open(coordinator);
        this.topic = topic;
        this.partitionCount = partitionCount;
        this.answered = answered;
    }

    /// The same offset for all partitions, with as much text as may be committed with it.
    Errors commit(String group, long offset) {
        List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < partitionCount; partition++) {
            partitions.add(new OffsetCommitRequestPartition()
                    .setPartitionIndex(partition)
                    .setCommittedOffset(offset)
                    .setCommittedMetadata(METADATA));
        }
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(topic).setPartitions(partitions)));
        OffsetCommitResponseData answer = connection.call(request, COMMIT, OffsetCommitResponseData.class);
        Errors error = Errors.forCode(
                answer.topics().getFirst().partitions().getFirst().errorCode());
        if (error == Errors.NONE) {
            answered.put(group, offset);
        }
        return error;
    }

    /// The committed offset of the first partition, or the error as a negative number.
    long fetch(String group) {
        OffsetFetchRequestData request = new OffsetFetchRequestData()
                .setGroups(List.of(new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(0))))));
        OffsetFetchResponseData.OffsetFetchResponseGroup answer = connection
                .call(request, FETCH, OffsetFetchResponseData.class)
                .groups()
                .getFirst();
        return answer.errorCode() != 0
                ? -1L - answer.errorCode()
                : answer.topics().getFirst().partitions().getFirst().committedOffset();
    }

    /// What is lower than what was answered, as text; nothing is, if all is well.
    List<String> losses() {
        List<String> losses = new ArrayList<>();
        new HashMap<>(answered).forEach((group, offset) -> {
            long found = fetch(group);
            if (found < offset) {
                losses.add(group + " was answered " + offset + " and has " + found);
            }
        });
        return losses;
    }

    @Override
    public void close() {
        connection.close();
    }
}
