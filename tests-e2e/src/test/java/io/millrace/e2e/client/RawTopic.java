package io.millrace.e2e.client;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// A topic by name and id, and the requests about one of its partitions in any version of the protocol.
public record RawTopic(String name, Uuid id) {
    private static final int FIRST_PRODUCE_BY_ID = 13;
    private static final int FIRST_FETCH_BY_ID = 13;
    private static final int FIRST_FETCH_WITHOUT_REPLICA_ID = 15;
    private static final int MEGABYTES = 1 << 20;

    /// Asks for the id; the topic must exist.
    public static RawTopic find(RawConnection connection, String name) {
        MetadataRequestData request = new MetadataRequestData()
                .setAllowAutoTopicCreation(false)
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(name)));
        MetadataResponseData answer = connection.call(request, 12, MetadataResponseData.class);
        MetadataResponseData.MetadataResponseTopic topic =
                answer.topics().iterator().next();
        if (topic.errorCode() != 0) {
            throw new AssertionError("Metadata of " + name + ": " + topic);
        }
        return new RawTopic(name, topic.topicId());
    }

    /// Where to read, and how long to wait for what.
    public record Range(int partition, long offset, int maxBytes, int minBytes, int maxWaitMillis) {
        public static Range at(int partition, long offset) {
            return new Range(partition, offset, 8 * MEGABYTES, 1, 500);
        }

        public Range limitedTo(int bytes) {
            return new Range(partition, offset, bytes, minBytes, maxWaitMillis);
        }

        public Range waiting(int atLeastBytes, int millis) {
            return new Range(partition, offset, maxBytes, atLeastBytes, millis);
        }
    }

    public ProduceRequestData produceRequest(int partition, BaseRecords records, int acks, int version) {
        ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData()
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setIndex(partition)
                        .setRecords(records)));
        if (version >= FIRST_PRODUCE_BY_ID) {
            topic.setTopicId(id);
        } else {
            topic.setName(name);
        }
        ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(topic);
        return new ProduceRequestData()
                .setAcks((short) acks)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
    }

    public ProduceResponseData.PartitionProduceResponse produce(
            RawConnection connection, int partition, BaseRecords records, int version) {
        return produced(
                connection.call(produceRequest(partition, records, -1, version), version, ProduceResponseData.class));
    }

    public static ProduceResponseData.PartitionProduceResponse produced(ProduceResponseData answer) {
        return answer.responses().iterator().next().partitionResponses().getFirst();
    }

    public FetchRequestData fetchRequest(Range range, int version) {
        FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic()
                .setPartitions(List.of(new FetchRequestData.FetchPartition()
                        .setPartition(range.partition)
                        .setFetchOffset(range.offset)
                        .setPartitionMaxBytes(range.maxBytes)));
        if (version >= FIRST_FETCH_BY_ID) {
            topic.setTopicId(id);
        } else {
            topic.setTopic(name);
        }
        FetchRequestData request = new FetchRequestData()
                .setMaxWaitMs(range.maxWaitMillis)
                .setMinBytes(range.minBytes)
                .setMaxBytes(range.maxBytes)
                .setTopics(List.of(topic));
        return version >= FIRST_FETCH_WITHOUT_REPLICA_ID ? request : request.setReplicaId(-1);
    }

    public FetchResponseData.PartitionData fetch(RawConnection connection, Range range, int version) {
        return fetched(connection.call(fetchRequest(range, version), version, FetchResponseData.class));
    }

    /// The one partition of the answer.
    public static FetchResponseData.PartitionData fetched(FetchResponseData answer) {
        if (answer.responses().isEmpty()) {
            throw new AssertionError("no partition in " + answer);
        }
        return answer.responses().getFirst().partitions().getFirst();
    }

    public static MemoryRecords records(FetchResponseData.PartitionData partition) {
        if (partition.records() instanceof MemoryRecords records) {
            return records;
        }
        throw new AssertionError("records are " + partition.records());
    }

    public ListOffsetsResponseData.ListOffsetsPartitionResponse offset(
            RawConnection connection, int partition, long timestamp, int version) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName(name)
                        .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                                .setPartitionIndex(partition)
                                .setTimestamp(timestamp)))));
        return connection
                .call(request, version, ListOffsetsResponseData.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }
}
