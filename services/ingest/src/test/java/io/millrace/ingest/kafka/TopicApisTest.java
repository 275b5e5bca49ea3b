package io.millrace.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.wire.Uuids;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.CreatePartitionsResponse;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicApisTest {

    private final IngestRig rig = new IngestRig();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7})
    void aTopicIsCreatedAsAskedInEveryVersion(int version) {
        CreatableTopic asked = topic("orders", 3, 1);
        asked.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("5000"));

        CreatableTopicResult result = create(version, asked);

        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
        Topic stored = rig.catalog().topic("orders").orElseThrow();
        assertThat(stored.partitionCount()).isEqualTo(3);
        assertThat(stored.configs()).containsExactly(Map.entry("retention.ms", "5000"));
        assertThat(result.topicId()).isEqualTo(version < 7 ? Uuid.ZERO_UUID : Uuids.of(stored.id()));
        assertThat(result.numPartitions()).isEqualTo(version < 5 ? -1 : 3);
    }

    @Test
    void whatCannotBeCreatedIsRefusedWithKafkasErrors() {
        create(7, topic("taken", 1, 1));
        CreatableTopic manual = topic("manual", -1, -1);
        manual.assignments()
                .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1000)));
        CreatableTopic both = topic("both", 1, 1);
        both.assignments()
                .add(new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(1000)));
        CreatableTopic badConfig = topic("config", 1, 1);
        badConfig
                .configs()
                .add(new CreatableTopicConfig().setName("retention.ms").setValue("soon"));
        CreatableTopic nullConfig = topic("config", 1, 1);
        nullConfig
                .configs()
                .add(new CreatableTopicConfig().setName("retention.ms").setValue(null));

        assertThat(error(topic("taken", 1, 1))).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
        assertThat(error(topic("a b", 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(error(topic("", 1, 1))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(error(topic("zero", 0, 1))).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(error(topic("three", 1, 3))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
        assertThat(error(manual)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(error(both)).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(error(badConfig)).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(error(nullConfig)).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(rig.catalog().topics()).hasSize(1);
    }

    @Test
    void aNameThatComesTwiceIsRefusedAndTheOthersAreCreated() {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(topic("twice", 1, 1));
        request.topics().add(topic("twice", 2, 1));
        request.topics().add(topic("once", 1, 1));

        CreateTopicsResponse response = (CreateTopicsResponse) rig.ask(ApiKeys.CREATE_TOPICS, 7, request);

        assertThat(response.data().topics().find("twice").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(response.data().topics().find("once").errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(rig.catalog().ids()).containsOnlyKeys("once");
    }

    @Test
    void validationAloneCreatesNothing() {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setValidateOnly(true);
        request.topics().add(topic("orders", 2, 1));

        CreateTopicsResponse response = (CreateTopicsResponse) rig.ask(ApiKeys.CREATE_TOPICS, 7, request);

        assertThat(response.data().topics().find("orders").numPartitions()).isEqualTo(2);
        assertThat(rig.catalog().topics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void aTopicIsDeletedByNameInEveryVersion(int version) {
        rig.store.createTopic("orders", 1);
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(1_000);
        if (version < 6) {
            request.setTopicNames(List.of("orders", "nothing"));
        } else {
            request.setTopics(
                    List.of(new DeleteTopicState().setName("orders"), new DeleteTopicState().setName("nothing")));
        }

        DeleteTopicsResponse response = (DeleteTopicsResponse) rig.ask(ApiKeys.DELETE_TOPICS, version, request);

        assertThat(response.data().responses())
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(rig.catalog().topics()).isEmpty();
    }

    @Test
    void aTopicIsDeletedByIdOnce() {
        Topic orders = rig.store.createTopic("orders", 1);
        Uuid id = Uuids.of(orders.id());
        DeleteTopicsRequestData request = new DeleteTopicsRequestData()
                .setTimeoutMs(1_000)
                .setTopics(List.of(
                        new DeleteTopicState().setTopicId(id),
                        new DeleteTopicState().setTopicId(id),
                        new DeleteTopicState().setTopicId(new Uuid(4, 4)),
                        new DeleteTopicState().setTopicId(id).setName("orders"),
                        new DeleteTopicState()));

        DeleteTopicsResponse response = (DeleteTopicsResponse) rig.ask(ApiKeys.DELETE_TOPICS, 6, request);

        assertThat(response.data().responses())
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(
                        Errors.NONE,
                        Errors.INVALID_REQUEST,
                        Errors.UNKNOWN_TOPIC_ID,
                        Errors.INVALID_REQUEST,
                        Errors.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void partitionsAreAddedAndNeverTaken(int version) {
        rig.store.createTopic("orders", 2);

        assertThat(partitions(version, "orders", 5, null)).isEqualTo(Errors.NONE);
        assertThat(rig.catalog().topic("orders").orElseThrow().partitionCount()).isEqualTo(5);
        assertThat(partitions(version, "orders", 5, null)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(partitions(version, "orders", 1, null)).isEqualTo(Errors.INVALID_PARTITIONS);
        assertThat(partitions(version, "nothing", 3, null)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(partitions(version, "orders", 6, List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(1)))))
                .isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void configurationsAreChangedOneByOne(int version) {
        rig.store.createTopic("orders", 1, Map.of("retention.ms", "5000", "cleanup.policy", "compact"));

        Errors changed = alter(
                version,
                "orders",
                config("max.message.bytes", 0, "2000"),
                config("retention.ms", 1, null),
                config("cleanup.policy", 2, "delete"));

        assertThat(changed).isEqualTo(Errors.NONE);
        assertThat(rig.catalog().topic("orders").orElseThrow().configs())
                .containsOnly(Map.entry("max.message.bytes", "2000"), Map.entry("cleanup.policy", "compact,delete"));
        assertThat(alter(version, "orders", config("retention.ms", 0, "soon"))).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(version, "orders", config("no.such", 0, "1"))).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(version, "orders", config("retention.ms", 0, null))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alter(version, "orders", config("retention.ms", 9, "1"))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(alter(version, "nothing", config("retention.ms", 0, "1")))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void deletedRecordsMoveTheStartOfTheLog(int version) {
        Topic orders = topicWithRecords(CompressionType.NONE, 10);

        assertThat(deleteRecords(version, 0, 4).lowWatermark()).isEqualTo(4);
        assertThat(listed(11, 0, -2).offset()).isEqualTo(4);
        assertThat(deleteRecords(version, 0, 11).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        assertThat(deleteRecords(version, 7, 1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(deleteRecords(version, 0, -1).lowWatermark()).isEqualTo(10);
        assertThat(rig.store
                        .store()
                        .watermarks(new PartitionId(orders.id(), 0))
                        .orElseThrow()
                        .logStartOffset())
                .isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void offsetsAreFoundInEveryVersion(int version) {
        topicWithRecords(CompressionType.ZSTD, 10);

        assertThat(listed(version, 0, -2).offset()).isZero();
        assertThat(listed(version, 0, -1).offset()).isEqualTo(10);
        assertThat(listed(version, 0, IngestRig.NOW + 7).offset()).isEqualTo(7);
        assertThat(listed(version, 0, IngestRig.NOW + 7).timestamp()).isEqualTo(IngestRig.NOW + 7);
        assertThat(listed(version, 0, IngestRig.NOW + 10).offset()).isEqualTo(-1);
        assertThat(listed(version, 9, -1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertSince(version, 7, -3, 9);
        assertSince(version, 8, -4, 0);
        assertSince(version, 9, -5, -1);
        assertSince(version, 11, -6, -1);
        assertThat(listed(version, 0, -7).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }

    @Test
    void aLeaderEpochOfAnotherTimeIsFenced() {
        topicWithRecords(CompressionType.NONE, 1);
        int epoch = rig.catalog().ownerEpoch();

        assertThat(listed(4, 0, -1, epoch).errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(listed(4, 0, -1, epoch - 1).errorCode())
                .isEqualTo(epoch == 0 ? Errors.NONE.code() : Errors.FENCED_LEADER_EPOCH.code());
        assertThat(listed(4, 0, -1, epoch + 1).errorCode()).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void theEndOfALeaderEpochIsFound(int version) {
        topicWithRecords(CompressionType.NONE, 10);
        int epoch = rig.catalog().ownerEpoch();

        EpochEndOffset present = epochEnd(version, 0, epoch);

        assertThat(present.endOffset()).isEqualTo(10);
        assertThat(present.leaderEpoch()).isEqualTo(epoch);
        assertThat(epochEnd(version, 0, epoch + 5).endOffset()).isEqualTo(-1);
        assertThat(epochEnd(version, 8, epoch).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private Topic topicWithRecords(CompressionType type, int count) {
        Topic orders = rig.store.createTopic("orders", 1);
        rig.store.append(new PartitionId(orders.id(), 0), Batches.batch(Batches.records(type, count)));
        return orders;
    }

    private void assertSince(int version, int first, long timestamp, long offset) {
        ListOffsetsPartitionResponse listed = listed(version, 0, timestamp);
        assertThat(Errors.forCode(listed.errorCode()))
                .isEqualTo(version < first ? Errors.UNSUPPORTED_VERSION : Errors.NONE);
        assertThat(listed.offset()).isEqualTo(version < first ? -1 : offset);
    }

    private ListOffsetsPartitionResponse listed(int version, int partition, long timestamp) {
        return listed(version, partition, timestamp, -1);
    }

    private ListOffsetsPartitionResponse listed(int version, int partition, long timestamp, int epoch) {
        ListOffsetsPartition asked = new ListOffsetsPartition()
                .setPartitionIndex(partition)
                .setTimestamp(timestamp)
                .setCurrentLeaderEpoch(epoch);
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic().setName("orders").setPartitions(List.of(asked))));
        ListOffsetsResponse response = (ListOffsetsResponse) rig.ask(ApiKeys.LIST_OFFSETS, version, request);
        return response.topics().getFirst().partitions().getFirst();
    }

    private EpochEndOffset epochEnd(int version, int partition, int epoch) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics()
                .add(new OffsetForLeaderTopic()
                        .setTopic("orders")
                        .setPartitions(List.of(new OffsetForLeaderPartition()
                                .setPartition(partition)
                                .setLeaderEpoch(epoch))));
        OffsetsForLeaderEpochResponse response =
                (OffsetsForLeaderEpochResponse) rig.ask(ApiKeys.OFFSET_FOR_LEADER_EPOCH, version, request);
        return response.data().topics().find("orders").partitions().getFirst();
    }

    private DeleteRecordsPartitionResult deleteRecords(int version, int partition, long offset) {
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTimeoutMs(1_000)
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName("orders")
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(partition)
                                .setOffset(offset)))));
        DeleteRecordsResponse response = (DeleteRecordsResponse) rig.ask(ApiKeys.DELETE_RECORDS, version, request);
        return response.data().topics().find("orders").partitions().find(partition);
    }

    private static AlterableConfig config(String name, int operation, @Nullable String value) {
        return new AlterableConfig()
                .setName(name)
                .setConfigOperation((byte) operation)
                .setValue(value);
    }

    private Errors alter(int version, String topic, AlterableConfig... configs) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType((byte) 2).setResourceName(topic);
        for (AlterableConfig config : configs) {
            resource.configs().add(config);
        }
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        IncrementalAlterConfigsResponse response =
                (IncrementalAlterConfigsResponse) rig.ask(ApiKeys.INCREMENTAL_ALTER_CONFIGS, version, request);
        return Errors.forCode(response.data().responses().getFirst().errorCode());
    }

    private Errors partitions(
            int version, String topic, int count, @Nullable List<CreatePartitionsAssignment> assignments) {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(1_000);
        request.topics()
                .add(new CreatePartitionsTopic().setName(topic).setCount(count).setAssignments(assignments));
        CreatePartitionsResponse response =
                (CreatePartitionsResponse) rig.ask(ApiKeys.CREATE_PARTITIONS, version, request);
        return Errors.forCode(response.data().results().getFirst().errorCode());
    }

    private Errors error(CreatableTopic topic) {
        CreatableTopicResult result = create(7, topic);
        assertThat(result.errorMessage()).isNotBlank();
        return Errors.forCode(result.errorCode());
    }

    private CreatableTopicResult create(int version, CreatableTopic topic) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(topic);
        CreateTopicsResponse response = (CreateTopicsResponse) rig.ask(ApiKeys.CREATE_TOPICS, version, request);
        return response.data().topics().iterator().next();
    }

    private static CreatableTopic topic(String name, int partitions, int replicationFactor) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short)
                replicationFactor);
    }
}
