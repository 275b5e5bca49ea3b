package io.millrace.kafka.fetch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchResponse;

/// The partitions that one client reads, so that its requests name only what changed, and so do its answers.
///
/// Threads: any; a client has one request of a session under way.
/// Source: KIP-227.
final class FetchSession {

    /// No offset, so that whatever comes next differs from it.
    private static final long NEVER_TOLD = -1;

    private final int id;
    private final boolean usesTopicIds;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<TopicKey, Map<Integer, Member>> members = new LinkedHashMap<>();
    private int epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
    private int size;

    private record TopicKey(Uuid id, String name) {}

    /// A partition, and what the client was told of it last.
    private static final class Member {
        private FetchPartition wanted;
        private long highWatermark = NEVER_TOLD;
        private long logStartOffset = NEVER_TOLD;

        Member(FetchPartition wanted) {
            this.wanted = wanted;
        }
    }

    FetchSession(int id, boolean usesTopicIds) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
    }

    int id() {
        return id;
    }

    /// How many partitions it has.
    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /// Takes over what a request changes.
    ///
    /// @return an error of the whole answer, and then nothing was changed
    Errors update(FetchRequestData request, boolean withTopicIds) {
        lock.lock();
        try {
            if (request.sessionEpoch() != FetchMetadata.INITIAL_EPOCH) {
                if (withTopicIds != usesTopicIds) {
                    return Errors.FETCH_SESSION_TOPIC_ID_ERROR;
                }
                if (request.sessionEpoch() != epoch) {
                    return Errors.INVALID_FETCH_SESSION_EPOCH;
                }
                epoch = FetchMetadata.nextEpoch(epoch);
            }
            request.forgottenTopicsData().forEach(this::forget);
            request.topics().forEach(this::put);
            return Errors.NONE;
        } finally {
            lock.unlock();
        }
    }

    private void put(FetchTopic topic) {
        Map<Integer, Member> partitions =
                members.computeIfAbsent(key(topic.topicId(), topic.topic()), _ -> new LinkedHashMap<>());
        for (FetchPartition partition : topic.partitions()) {
            Member known = partitions.get(partition.partition());
            if (known == null) {
                partitions.put(partition.partition(), new Member(partition));
                size++;
            } else {
                known.wanted = partition;
            }
        }
    }

    private void forget(ForgottenTopic topic) {
        TopicKey key = key(topic.topicId(), topic.topic());
        Map<Integer, Member> partitions = members.getOrDefault(key, Map.of());
        for (Integer partition : topic.partitions()) {
            size -= partitions.remove(partition) == null ? 0 : 1;
        }
        if (partitions.isEmpty()) {
            members.remove(key);
        }
    }

    /// All partitions, as a request without a session would name them.
    List<FetchTopic> topics() {
        lock.lock();
        try {
            List<FetchTopic> topics = new ArrayList<>(members.size());
            members.forEach((key, partitions) -> {
                List<FetchPartition> wanted = new ArrayList<>(partitions.size());
                partitions.values().forEach(member -> wanted.add(member.wanted));
                topics.add(new FetchTopic()
                        .setTopicId(key.id())
                        .setTopic(key.name())
                        .setPartitions(wanted));
            });
            return topics;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the answer says something that the client does not know, which it knows from now on.
    boolean isNews(FetchTopic topic, PartitionData answer) {
        lock.lock();
        try {
            Member member = members.getOrDefault(key(topic.topicId(), topic.topic()), Map.of())
                    .get(answer.partitionIndex());
            return member == null || isNews(member, answer);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isNews(Member member, PartitionData answer) {
        if (answer.errorCode() != Errors.NONE.code()) {
            // When the error goes away, that is news.
            member.highWatermark = NEVER_TOLD;
            return true;
        }
        boolean hasMoved =
                member.highWatermark != answer.highWatermark() || member.logStartOffset != answer.logStartOffset();
        member.highWatermark = answer.highWatermark();
        member.logStartOffset = answer.logStartOffset();
        return hasMoved
                || FetchResponse.recordsSize(answer) > 0
                || FetchResponse.isPreferredReplica(answer)
                || FetchResponse.isDivergingEpoch(answer);
    }

    /// By id where requests have ids, else by name.
    private static TopicKey key(Uuid id, String name) {
        return new TopicKey(id, name);
    }
}
