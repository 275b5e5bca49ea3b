package io.millrace.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.FindCoordinatorResponse;
import org.apache.kafka.common.requests.InitProducerIdResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Each API in each version that ApiVersions names, as an ingest node answers it.
final class AdvertisedVersionsTest {

    private final IngestRig rig = new IngestRig();
    private final Topic orders = rig.store.createTopic("orders", 2);

    @TestFactory
    Stream<DynamicTest> everyAdvertisedVersionIsAnsweredInItsOwnForm() {
        rig.store.append(new PartitionId(orders.id(), 0), Batches.batch(Batches.records(CompressionType.NONE, 3)));
        List<DynamicTest> tests = new ArrayList<>();
        for (ApiVersion advertised : rig.router().apiVersions()) {
            ApiKeys api = ApiKeys.forId(advertised.apiKey());
            int first = Math.max(advertised.minVersion(), api.oldestVersion());
            for (int version = first; version <= advertised.maxVersion(); version++) {
                int asked = version;
                tests.add(dynamicTest(api + " version " + version, () -> check(api, asked)));
            }
        }
        return tests.stream();
    }

    @Test
    void theNewRebalanceProtocolIsFinalized() {
        ApiVersionsResponse response = (ApiVersionsResponse) rig.ask(
                ApiKeys.API_VERSIONS,
                4,
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1"));

        assertThat(response.data().finalizedFeatures().find("group.version").maxVersionLevel())
                .isEqualTo((short) 1);
        assertThat(response.data().finalizedFeaturesEpoch()).isNotNegative();
    }

    private void check(ApiKeys api, int version) {
        switch (api) {
            case API_VERSIONS -> apiVersions(version);
            case METADATA -> metadata(version);
            case DESCRIBE_CLUSTER -> describeCluster(version);
            case FIND_COORDINATOR -> findCoordinator(version);
            case INIT_PRODUCER_ID -> initProducerId(version);
            case DESCRIBE_TOPIC_PARTITIONS -> describeTopicPartitions(version);
            case DESCRIBE_CONFIGS -> describeConfigs(version);
            case FETCH -> fetch(version);
            case LIST_GROUPS ->
                assertThat(rig.ask(api, version, new ListGroupsRequestData()).errorCounts())
                        .containsOnlyKeys(Errors.NONE);
            // Each has tests of its own with all versions.
            case PRODUCE -> assertThat(version).isBetween(3, 13);
            case LIST_OFFSETS,
                    OFFSET_FOR_LEADER_EPOCH,
                    DELETE_RECORDS,
                    CREATE_TOPICS,
                    DELETE_TOPICS,
                    CREATE_PARTITIONS,
                    INCREMENTAL_ALTER_CONFIGS,
                    ALTER_CONFIGS,
                    LIST_CONFIG_RESOURCES,
                    ALTER_CLIENT_QUOTAS,
                    DESCRIBE_CLIENT_QUOTAS,
                    GET_TELEMETRY_SUBSCRIPTIONS,
                    PUSH_TELEMETRY,
                    ELECT_LEADERS,
                    ALTER_PARTITION_REASSIGNMENTS,
                    LIST_PARTITION_REASSIGNMENTS,
                    UPDATE_FEATURES,
                    DESCRIBE_QUORUM,
                    DESCRIBE_USER_SCRAM_CREDENTIALS,
                    DESCRIBE_PRODUCERS,
                    DESCRIBE_LOG_DIRS,
                    ALTER_REPLICA_LOG_DIRS -> empty(api, version);
            case DESCRIBE_ACLS, CREATE_ACLS, DELETE_ACLS ->
                assertThat(empty(api, version).errorCounts().keySet()).isSubsetOf(Errors.SECURITY_DISABLED);
            case ALTER_USER_SCRAM_CREDENTIALS ->
                assertThat(empty(api, version).errorCounts().keySet()).isSubsetOf(Errors.UNSUPPORTED_SASL_MECHANISM);
            // What names no group and no partition has no place for the error either.
            default ->
                assertThat(empty(api, version).errorCounts().keySet())
                        .as(api.name)
                        .isSubsetOf(Errors.NOT_COORDINATOR);
        }
    }

    private void apiVersions(int version) {
        ApiVersionsRequestData body = new ApiVersionsRequestData();
        ApiVersionsResponse response = (ApiVersionsResponse) rig.ask(
                ApiKeys.API_VERSIONS,
                version,
                version < 3 ? body : body.setClientSoftwareName("test").setClientSoftwareVersion("1"));
        assertThat(response.data().apiKeys()).hasSameSizeAs(rig.router().apis());
    }

    private void describeCluster(int version) {
        DescribeClusterResponse response =
                (DescribeClusterResponse) rig.ask(ApiKeys.DESCRIBE_CLUSTER, version, new DescribeClusterRequestData());
        assertThat(response.data().clusterId()).isEqualTo(rig.catalog().clusterId());
        assertThat(response.nodes()).containsOnlyKeys(1000);
        assertThat(response.data().controllerId()).isEqualTo(1000);
    }

    private void initProducerId(int version) {
        InitProducerIdRequestData body = new InitProducerIdRequestData().setTransactionalId(null);
        long one = ((InitProducerIdResponse) rig.ask(ApiKeys.INIT_PRODUCER_ID, version, body))
                .data()
                .producerId();
        long other = ((InitProducerIdResponse) rig.ask(ApiKeys.INIT_PRODUCER_ID, version, body))
                .data()
                .producerId();
        assertThat(one).isNotNegative().isNotEqualTo(other);
        InitProducerIdResponse refused = (InitProducerIdResponse)
                rig.ask(ApiKeys.INIT_PRODUCER_ID, version, new InitProducerIdRequestData().setTransactionalId("t"));
        assertThat(refused.error()).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    private void metadata(int version) {
        MetadataRequestData all = new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
        MetadataResponse response = (MetadataResponse) rig.ask(ApiKeys.METADATA, version, all);

        assertThat(response.brokersById()).containsOnlyKeys(1000);
        assertThat(response.topicMetadata()).singleElement().satisfies(topic -> {
            assertThat(topic.topic()).isEqualTo("orders");
            assertThat(topic.topicId()).isEqualTo(version < 10 ? Uuid.ZERO_UUID : Uuids.of(orders.id()));
            assertThat(topic.partitionMetadata())
                    .hasSize(2)
                    .allSatisfy(partition -> assertThat(partition.leaderId).hasValue(1000));
        });
        MetadataRequestData byName = new MetadataRequestData()
                .setTopics(List.of(
                        new MetadataRequestTopic().setName("no such!"), new MetadataRequestTopic().setName("orders")));
        if (version >= 8) {
            byName.setIncludeTopicAuthorizedOperations(true);
        }
        assertThat(((MetadataResponse) rig.ask(ApiKeys.METADATA, version, byName)).errors())
                .isEqualTo(Map.of("no such!", Errors.INVALID_TOPIC_EXCEPTION));
        if (version >= 12) {
            MetadataRequestData byId = new MetadataRequestData()
                    .setTopics(List.of(
                            new MetadataRequestTopic().setName(null).setTopicId(Uuids.of(orders.id())),
                            new MetadataRequestTopic().setName(null).setTopicId(new Uuid(3, 3))));
            assertThat(((MetadataResponse) rig.ask(ApiKeys.METADATA, version, byId)).errorsByTopicId())
                    .isEqualTo(Map.of(new Uuid(3, 3), Errors.UNKNOWN_TOPIC_ID));
        }
    }

    private void findCoordinator(int version) {
        for (int keyType = 0; keyType <= (version == 0 ? 0 : 2); keyType++) {
            var body = new FindCoordinatorRequestData();
            if (version > 0) {
                body.setKeyType((byte) keyType);
            }
            FindCoordinatorResponse response = (FindCoordinatorResponse) rig.ask(
                    ApiKeys.FIND_COORDINATOR,
                    version,
                    version < 4 ? body.setKey("g") : body.setCoordinatorKeys(List.of("g")));
            Errors expected = switch (keyType) {
                case 0 -> Errors.COORDINATOR_NOT_AVAILABLE;
                case 1 -> Errors.UNSUPPORTED_VERSION;
                default -> version < 6 ? Errors.INVALID_REQUEST : Errors.UNSUPPORTED_VERSION;
            };
            assertThat(response.errorCounts()).containsOnlyKeys(expected);
        }
    }

    private void describeTopicPartitions(int version) {
        DescribeTopicPartitionsResponse response = (DescribeTopicPartitionsResponse) rig.ask(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                version,
                new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new TopicRequest().setName("orders")))
                        .setResponsePartitionLimit(1));

        assertThat(response.data().topics().find("orders").partitions())
                .singleElement()
                .satisfies(partition -> assertThat(partition.replicaNodes())
                        .as("the one copy that there is")
                        .containsExactly(1000));
        assertThat(response.data().nextCursor().partitionIndex()).isEqualTo(1);
    }

    private void describeConfigs(int version) {
        DescribeConfigsRequestData body = new DescribeConfigsRequestData()
                .setResources(
                        List.of(resource(2, "orders"), resource(2, "nothing"), resource(4, "1000"), resource(4, "7")));
        if (version >= 3) {
            body.setIncludeDocumentation(true);
        }
        DescribeConfigsResponse response = (DescribeConfigsResponse) rig.ask(ApiKeys.DESCRIBE_CONFIGS, version, body);

        assertThat(response.data().results())
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsExactly(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(response.data().results().getFirst().configs())
                .extracting(config -> config.name())
                .contains("retention.ms", "cleanup.policy", "max.message.bytes");
        assertThat(response.data().results().get(2).configs())
                .extracting(config -> config.name())
                .containsExactly("node.id");
    }

    private static DescribeConfigsResource resource(int type, String name) {
        return new DescribeConfigsResource()
                .setResourceType((byte) type)
                .setResourceName(name)
                .setConfigurationKeys(null);
    }

    private void fetch(int version) {
        FetchTopic topic = new FetchTopic()
                .setPartitions(List.of(
                        new FetchPartition().setPartition(0).setFetchOffset(0).setPartitionMaxBytes(1 << 20)));
        FetchRequestData body = new FetchRequestData()
                .setMinBytes(1)
                .setTopics(List.of(version < 13 ? topic.setTopic("orders") : topic.setTopicId(Uuids.of(orders.id()))));
        FetchResponse response = (FetchResponse) rig.ask(ApiKeys.FETCH, version, body);

        assertThat(response.data().responses().getFirst().partitions().getFirst())
                .satisfies(partition -> assertThat(partition.highWatermark()).isEqualTo(3))
                .satisfies(partition ->
                        assertThat(partition.records().sizeInBytes()).isPositive());
    }

    /// A request with nothing in it but what its schema must have.
    private AbstractResponse empty(ApiKeys api, int version) {
        ApiMessage body = api.messageType.newRequest();
        if (body instanceof DescribeAclsRequestData anything) {
            byte any = 1;
            anything.setResourceTypeFilter(any).setOperation(any).setPermissionType(any);
        }
        KafkaRequest request = IngestRig.request(api, version, body);
        return IngestRig.read(
                api, version, request, rig.router().handle(request).await().atMost(Duration.ofSeconds(10)));
    }
}
