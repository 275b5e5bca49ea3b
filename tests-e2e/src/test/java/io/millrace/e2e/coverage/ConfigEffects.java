package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Effects of the APIs about configurations of topics, groups, client metrics and quotas.
final class ConfigEffects {
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);
    private static final int PRODUCE = 9;

    private ConfigEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.ALTER_CONFIGS, ConfigEffects::alterConfigs,
                ApiKeys.LIST_CONFIG_RESOURCES, ConfigEffects::listConfigResources,
                ApiKeys.ALTER_CLIENT_QUOTAS, ConfigEffects::alterClientQuotas,
                ApiKeys.DESCRIBE_CLIENT_QUOTAS, ConfigEffects::describeClientQuotas,
                ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, ConfigEffects::getTelemetrySubscriptions,
                ApiKeys.PUSH_TELEMETRY, ConfigEffects::pushTelemetry);
    }

    /// What is not named returns to its default.
    private static void alterConfigs(Scene scene, int version) {
        for (Service listener : LISTENERS) {
            RawTopic topic = scene.freshTopic(1);
            setIncrementally(scene, ConfigResource.Type.TOPIC, topic.name(), "max.message.bytes", "5555");
            AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType(ConfigResource.Type.TOPIC.id())
                    .setResourceName(topic.name());
            resource.configs()
                    .add(new AlterConfigsRequestData.AlterableConfig()
                            .setName("retention.ms")
                            .setValue("7777"));
            AlterConfigsRequestData request = new AlterConfigsRequestData();
            request.resources().add(resource);

            assertNone(scene.call(listener, request, version, AlterConfigsResponseData.class)
                    .responses()
                    .getFirst()
                    .errorCode());

            assertThat(config(scene, topic.name(), "retention.ms")).isEqualTo("7777");
            assertThat(config(scene, topic.name(), "max.message.bytes")).isEqualTo("1048588");
        }
    }

    /// A client metrics subscription is listed by every node; later versions list groups, topics and nodes, too.
    private static void listConfigResources(Scene scene, int version) {
        String metrics = scene.freshName("metrics");
        String group = scene.freshName("group");
        setIncrementally(scene, ConfigResource.Type.CLIENT_METRICS, metrics, "interval.ms", "60000");
        setIncrementally(scene, ConfigResource.Type.GROUP, group, "consumer.session.timeout.ms", "50000");
        for (Service listener : LISTENERS) {
            List<String> names = new ArrayList<>();
            scene.call(listener, new ListConfigResourcesRequestData(), version, ListConfigResourcesResponseData.class)
                    .configResources()
                    .forEach(each -> names.add(each.resourceName()));

            assertThat(names).contains(metrics);
            assertThat(names.contains(group)).isEqualTo(version >= 1);
        }
    }

    /// A producer that takes more than its quota is told to be silent, and others are not.
    private static void alterClientQuotas(Scene scene, int version) {
        String client = RawConnection.CLIENT_ID;
        RawTopic topic = scene.freshTopic(1);
        for (Service listener : LISTENERS) {
            assertNone(setQuota(scene, listener, client, 10_000, version));
            assertThat(produce(scene, topic, 101_000).throttleTimeMs()).isPositive();

            assertNone(setQuota(scene, listener, client, 1e12, version));
            assertThat(produce(scene, topic, 101_000).throttleTimeMs()).isZero();
        }
        removeQuota(scene, client);
    }

    /// Every node tells what was set.
    private static void describeClientQuotas(Scene scene, int version) {
        String client = scene.freshName("client");
        assertNone(setQuota(scene, Service.INGEST, client, 5_000, 1));
        DescribeClientQuotasRequestData request = new DescribeClientQuotasRequestData()
                .setComponents(List.of(new DescribeClientQuotasRequestData.ComponentData()
                        .setEntityType("client-id")
                        .setMatchType((byte) 0)
                        .setMatch(client)))
                .setStrict(true);
        for (Service listener : LISTENERS) {
            var entries = scene.call(listener, request, version, DescribeClientQuotasResponseData.class)
                    .entries();

            assertThat(entries).hasSize(1);
            assertThat(entries.getFirst().values()).hasSize(1);
            assertThat(entries.getFirst().values().getFirst().key()).isEqualTo("producer_byte_rate");
            assertThat(entries.getFirst().values().getFirst().value()).isEqualTo(5_000);
        }
        removeQuota(scene, client);
    }

    /// A client that matches a subscription is told what is wanted.
    private static void getTelemetrySubscriptions(Scene scene, int version) {
        subscribe(scene, "org.apache.kafka.effect.");
        for (Service listener : LISTENERS) {
            GetTelemetrySubscriptionsResponseData told = ask(scene, listener, version);

            assertNone(told.errorCode());
            assertThat(told.requestedMetrics()).contains("org.apache.kafka.effect.");
            assertThat(told.clientInstanceId()).isNotEqualTo(Uuid.ZERO_UUID);
        }
    }

    /// What fits the subscription is taken, what does not is refused; `TelemetryIT` looks at the metrics.
    private static void pushTelemetry(Scene scene, int version) {
        subscribe(scene, "org.apache.kafka.effect.");
        for (Service listener : LISTENERS) {
            GetTelemetrySubscriptionsResponseData told = ask(scene, listener, 0);
            PushTelemetryRequestData push = new PushTelemetryRequestData()
                    .setClientInstanceId(told.clientInstanceId())
                    .setSubscriptionId(told.subscriptionId() + 1);

            assertThat(Errors.forCode(scene.call(listener, push, version, PushTelemetryResponseData.class)
                            .errorCode()))
                    .isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);

            told = ask(scene, listener, told.clientInstanceId());
            push.setSubscriptionId(told.subscriptionId());
            assertNone(scene.call(listener, push, version, PushTelemetryResponseData.class)
                    .errorCode());
        }
    }

    private static void subscribe(Scene scene, String metrics) {
        String name = scene.freshName("metrics");
        setIncrementally(scene, ConfigResource.Type.CLIENT_METRICS, name, "metrics", metrics);
    }

    private static GetTelemetrySubscriptionsResponseData ask(Scene scene, Service listener, int version) {
        return scene.call(
                listener,
                new GetTelemetrySubscriptionsRequestData(),
                version,
                GetTelemetrySubscriptionsResponseData.class);
    }

    private static GetTelemetrySubscriptionsResponseData ask(Scene scene, Service listener, Uuid clientInstanceId) {
        return scene.call(
                listener,
                new GetTelemetrySubscriptionsRequestData().setClientInstanceId(clientInstanceId),
                0,
                GetTelemetrySubscriptionsResponseData.class);
    }

    private static ProduceResponseData produce(Scene scene, RawTopic topic, int bytes) {
        return scene.connection(Service.INGEST)
                .call(
                        topic.produceRequest(0, Batches.of("x".repeat(bytes)), -1, PRODUCE),
                        PRODUCE,
                        ProduceResponseData.class);
    }

    private static short setQuota(Scene scene, Service listener, String client, double rate, int version) {
        return alterQuota(
                scene,
                listener,
                client,
                version,
                new AlterClientQuotasRequestData.OpData()
                        .setKey("producer_byte_rate")
                        .setValue(rate));
    }

    private static void removeQuota(Scene scene, String client) {
        assertNone(alterQuota(
                scene,
                Service.INGEST,
                client,
                1,
                new AlterClientQuotasRequestData.OpData()
                        .setKey("producer_byte_rate")
                        .setRemove(true)));
    }

    private static short alterQuota(
            Scene scene, Service listener, String client, int version, AlterClientQuotasRequestData.OpData op) {
        AlterClientQuotasRequestData request = new AlterClientQuotasRequestData()
                .setEntries(List.of(new AlterClientQuotasRequestData.EntryData()
                        .setEntity(List.of(new AlterClientQuotasRequestData.EntityData()
                                .setEntityType("client-id")
                                .setEntityName(client)))
                        .setOps(List.of(op))));
        return scene.call(listener, request, version, AlterClientQuotasResponseData.class)
                .entries()
                .getFirst()
                .errorCode();
    }

    static void setIncrementally(
            Scene scene, ConfigResource.Type type, String resourceName, String name, String value) {
        IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(type.id())
                        .setResourceName(resourceName);
        resource.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName(name)
                        .setConfigOperation((byte) 0)
                        .setValue(value));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);
        assertNone(scene.connection(Service.INGEST)
                .call(request, 1, IncrementalAlterConfigsResponseData.class)
                .responses()
                .getFirst()
                .errorCode());
    }

    private static String config(Scene scene, String topic, String name) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                        .setResourceType(ConfigResource.Type.TOPIC.id())
                        .setResourceName(topic)
                        .setConfigurationKeys(List.of(name))));
        return scene.connection(Service.INGEST)
                .call(request, 4, DescribeConfigsResponseData.class)
                .results()
                .getFirst()
                .configs()
                .getFirst()
                .value();
    }
}
