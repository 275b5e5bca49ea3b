package io.millrace.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.PartitionId;
import io.millrace.model.QuotaEntity;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.testkit.TestData;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.AlterClientQuotasResponse;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;
import org.apache.kafka.common.requests.DescribeProducersResponse;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Configurations other than of topics alone, quotas, and what is told of the storage.
final class AdminApisTest {

    private final IngestRig rig = new IngestRig();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theOldWayOfAlteringForgetsWhatIsNotNamed(int version) {
        rig.store.createTopic("orders", 1, Map.of("max.message.bytes", "5555"));

        assertThat(alter(version, ConfigResource.Type.TOPIC, "orders", "retention.ms", "7777"))
                .isEqualTo(Errors.NONE);

        assertThat(rig.catalog().topic("orders").orElseThrow().configs()).isEqualTo(Map.of("retention.ms", "7777"));
        assertThat(alter(version, ConfigResource.Type.TOPIC, "orders", "no.such", "1"))
                .isEqualTo(Errors.INVALID_CONFIG);
        assertThat(alter(version, ConfigResource.Type.TOPIC, "nowhere", "retention.ms", "1"))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @CsvSource({"GROUP, consumer.session.timeout.ms, 50000", "CLIENT_METRICS, interval.ms, 1000"})
    void groupsAndClientMetricsAreConfiguredAndDescribed(ConfigResource.Type type, String name, String value) {
        assertThat(alterIncrementally(type, "it", name, value)).isEqualTo(Errors.NONE);

        DescribeConfigsResponse described = (DescribeConfigsResponse) rig.ask(
                ApiKeys.DESCRIBE_CONFIGS,
                4,
                new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                                .setResourceType(type.id())
                                .setResourceName("it"))));
        Map<String, String> values = described.data().results().getFirst().configs().stream()
                .collect(Collectors.toMap(each -> each.name(), each -> each.value()));
        assertThat(values).containsEntry(name, value).hasSizeGreaterThan(1);
        assertThat(alter(2, type, "it", name, value)).isEqualTo(Errors.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "GROUP, share.session.timeout.ms, 50000, INVALID_CONFIG",
        "GROUP, consumer.session.timeout.ms, 0, INVALID_CONFIG",
        "CLIENT_METRICS, interval.ms, bbb, INVALID_CONFIG",
        "BROKER, log.retention.ms, 5, INVALID_REQUEST",
        "BROKER_LOGGER, root, INFO, INVALID_REQUEST"
    })
    void whatMeansNothingHereIsRefused(ConfigResource.Type type, String name, String value, Errors error) {
        assertThat(alterIncrementally(type, "1000", name, value)).isEqualTo(error);

        assertThat(rig.catalog().resources()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aQuotaIsSetDescribedAndRemoved(int version) {
        assertThat(setQuota(version, "client-id", "a", "producer_byte_rate", 5_000))
                .isEqualTo(Errors.NONE);
        assertThat(setQuota(version, "client-id", null, "consumer_byte_rate", 6_000))
                .isEqualTo(Errors.NONE);
        assertThat(setQuota(version, "user", "u", "consumer_byte_rate", 7_000)).isEqualTo(Errors.NONE);

        assertThat(described(version, 0, "a", true))
                .isEqualTo(Map.of(entity("client-id", Optional.of("a")), Map.of("producer_byte_rate", 5_000.0)));
        assertThat(described(version, 1, null, true))
                .isEqualTo(Map.of(entity("client-id", Optional.empty()), Map.of("consumer_byte_rate", 6_000.0)));
        assertThat(described(version, 2, null, false)).hasSize(2);
        assertThat(removeQuota(version, "client-id", "a", "producer_byte_rate")).isEqualTo(Errors.NONE);
        assertThat(described(version, 0, "a", true)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "client-id, a, request_percentage, 5",
        "client-id, a, producer_byte_rate, 0",
        "client-id, a, producer_byte_rate, 1.5",
        "ip, 127.0.0.1, connection_creation_rate, 5",
        "shoe, a, producer_byte_rate, 5",
        "user, '', producer_byte_rate, 5"
    })
    void aQuotaThatIsNotEnforcedIsRefused(String type, String name, String key, double value) {
        assertThat(setQuota(1, type, name, key, value)).isEqualTo(Errors.INVALID_REQUEST);

        assertThat(rig.catalog().resources()).isEmpty();
    }

    @Test
    void aQuotasEntityIsWrittenAndReadAsItWas() {
        QuotaEntity odd = new QuotaEntity(
                Map.of("user", Optional.of("a&b=c"), "client-id", Optional.empty(), "ip", Optional.of("")));

        assertThat(QuotaEntity.parse(odd.resourceName())).isEqualTo(odd);
    }

    @Test
    void nobodyHasScramCredentials() {
        DescribeUserScramCredentialsResponseData ofAll = credentials(null);
        DescribeUserScramCredentialsResponseData ofNone = credentials(List.of());

        assertThat(List.of(ofAll, ofNone)).allSatisfy(answer -> {
            assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(answer.results()).isEmpty();
        });
    }

    @Test
    void aUserWhoseScramCredentialsAreAskedForIsNotFound() {
        DescribeUserScramCredentialsResponseData answer = credentials(List.of("alice", "bob", "alice"));

        assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(answer.results())
                .extracting(result -> result.user() + " " + Errors.forCode(result.errorCode()))
                .containsExactly("alice DUPLICATE_RESOURCE", "bob RESOURCE_NOT_FOUND");
        assertThat(answer.results().getLast().errorMessage())
                .isEqualTo("Attempt to describe a user credential that does not exist: bob");
    }

    @Test
    void theProducersOfAPartitionAreTold() {
        Topic orders = rig.store.createTopic("orders", 1);
        rig.store.append(
                new PartitionId(orders.id(), 0),
                TestData.batch().fromProducer(7).withRecords(2).build());

        DescribeProducersResponse answer = (DescribeProducersResponse) rig.ask(
                ApiKeys.DESCRIBE_PRODUCERS,
                0,
                new DescribeProducersRequestData()
                        .setTopics(List.of(new DescribeProducersRequestData.TopicRequest()
                                .setName("orders")
                                .setPartitionIndexes(List.of(0, 1)))));

        var partitions = answer.data().topics().getFirst().partitions();
        assertThat(partitions.get(0).activeProducers()).singleElement().satisfies(producer -> {
            assertThat(producer.producerId()).isEqualTo(7);
            assertThat(producer.lastSequence()).isEqualTo(1);
        });
        assertThat(Errors.forCode(partitions.get(1).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void theOneLogDirectoryIsDescribed(int version) {
        Topic orders = rig.store.createTopic("orders", 2);
        rig.store.append(new PartitionId(orders.id(), 0), Batches.batch(Batches.records(CompressionType.NONE, 3)));

        DescribeLogDirsResponse answer = (DescribeLogDirsResponse)
                rig.ask(ApiKeys.DESCRIBE_LOG_DIRS, version, new DescribeLogDirsRequestData().setTopics(null));

        assertThat(answer.data().results()).singleElement().satisfies(directory -> {
            assertThat(directory.logDir()).isEqualTo("/data");
            assertThat(directory.topics().getFirst().partitions())
                    .hasSize(2)
                    .allSatisfy(
                            partition -> assertThat(partition.partitionSize()).isEqualTo(7));
            if (version >= 4) {
                assertThat(directory.usableBytes()).isEqualTo(50);
            }
        });
    }

    private Errors alter(int version, ConfigResource.Type type, String resource, String name, String value) {
        AlterConfigsRequestData.AlterConfigsResource asked = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(type.id())
                .setResourceName(resource);
        asked.configs()
                .add(new AlterConfigsRequestData.AlterableConfig().setName(name).setValue(value));
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        request.resources().add(asked);
        AlterConfigsResponse answer = (AlterConfigsResponse) rig.ask(ApiKeys.ALTER_CONFIGS, version, request);
        return Errors.forCode(answer.data().responses().getFirst().errorCode());
    }

    private Errors alterIncrementally(ConfigResource.Type type, String resource, String name, String value) {
        var asked = new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(type.id())
                .setResourceName(resource);
        asked.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName(name)
                        .setConfigOperation((byte) 0)
                        .setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(asked);
        IncrementalAlterConfigsResponse answer =
                (IncrementalAlterConfigsResponse) rig.ask(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 1, request);
        return Errors.forCode(answer.data().responses().getFirst().errorCode());
    }

    private Errors setQuota(int version, String type, @Nullable String name, String key, double value) {
        return alterQuota(
                version,
                type,
                name,
                new AlterClientQuotasRequestData.OpData().setKey(key).setValue(value));
    }

    private Errors removeQuota(int version, String type, String name, String key) {
        return alterQuota(
                version,
                type,
                name,
                new AlterClientQuotasRequestData.OpData().setKey(key).setRemove(true));
    }

    private Errors alterQuota(int version, String type, @Nullable String name, AlterClientQuotasRequestData.OpData op) {
        AlterClientQuotasResponse answer = (AlterClientQuotasResponse) rig.ask(
                ApiKeys.ALTER_CLIENT_QUOTAS,
                version,
                new AlterClientQuotasRequestData()
                        .setEntries(List.of(new AlterClientQuotasRequestData.EntryData()
                                .setEntity(List.of(new AlterClientQuotasRequestData.EntityData()
                                        .setEntityType(type)
                                        .setEntityName(name)))
                                .setOps(List.of(op)))));
        return Errors.forCode(answer.data().entries().getFirst().errorCode());
    }

    private Map<QuotaEntity, Map<String, Double>> described(
            int version, int matchType, @Nullable String match, boolean isStrict) {
        DescribeClientQuotasResponse answer = (DescribeClientQuotasResponse) rig.ask(
                ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                version,
                new DescribeClientQuotasRequestData()
                        .setComponents(List.of(new DescribeClientQuotasRequestData.ComponentData()
                                .setEntityType("client-id")
                                .setMatchType((byte) matchType)
                                .setMatch(match)))
                        .setStrict(isStrict));
        return answer.data().entries().stream()
                .collect(Collectors.toMap(
                        entry -> entity(
                                entry.entity().getFirst().entityType(),
                                Optional.ofNullable(entry.entity().getFirst().entityName())),
                        entry -> entry.values().stream()
                                .collect(Collectors.toMap(each -> each.key(), each -> each.value()))));
    }

    private DescribeUserScramCredentialsResponseData credentials(@Nullable List<String> users) {
        DescribeUserScramCredentialsRequestData request = new DescribeUserScramCredentialsRequestData()
                .setUsers(
                        users == null
                                ? null
                                : users.stream()
                                        .map(user -> new UserName().setName(user))
                                        .toList());
        return ((DescribeUserScramCredentialsResponse) rig.ask(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, 0, request))
                .data();
    }

    private static QuotaEntity entity(String type, Optional<String> name) {
        return new QuotaEntity(Map.of(type, name));
    }

    @Test
    void quotasAreResourcesOfTheCatalog() {
        setQuota(1, "client-id", "a", "producer_byte_rate", 5_000);

        assertThat(rig.catalog().configs(new Resource(Resource.Kind.CLIENT_QUOTA, "client-id=a")))
                .isEqualTo(Map.of("producer_byte_rate", "5000.0"));
    }
}
