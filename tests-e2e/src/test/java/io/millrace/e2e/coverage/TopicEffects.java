package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.Service;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/// Effects of the APIs about topics; Kafka's clients may send them to any broker, so they go round the listeners.
final class TopicEffects {
    private static final byte TOPIC = ConfigResource.Type.TOPIC.id();
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    private TopicEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.CREATE_TOPICS, everywhere(TopicEffects::createTopics),
                ApiKeys.DELETE_TOPICS, everywhere(TopicEffects::deleteTopics),
                ApiKeys.CREATE_PARTITIONS, everywhere(TopicEffects::createPartitions),
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS, everywhere(TopicEffects::describeTopicPartitions),
                ApiKeys.DESCRIBE_CONFIGS, everywhere(TopicEffects::describeConfigs),
                ApiKeys.INCREMENTAL_ALTER_CONFIGS, everywhere(TopicEffects::incrementalAlterConfigs));
    }

    private interface EffectAt {
        void show(Scene scene, Service listener, int version);
    }

    private static Effect everywhere(EffectAt effect) {
        return (scene, version) -> LISTENERS.forEach(listener -> effect.show(scene, listener, version));
    }

    private static void createTopics(Scene scene, Service listener, int version) {
        String name = scene.freshName("created");
        CreateTopicsRequestData.CreatableTopic topic = new CreateTopicsRequestData.CreatableTopic()
                .setName(name)
                .setNumPartitions(4)
                .setReplicationFactor((short) 1);
        topic.configs()
                .add(new CreateTopicsRequestData.CreatableTopicConfig()
                        .setName("max.message.bytes")
                        .setValue("5000"));
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(30_000);
        request.topics().add(topic);

        CreateTopicsResponseData answer = scene.call(listener, request, version, CreateTopicsResponseData.class);

        assertNone(answer.topics().iterator().next().errorCode());
        assertThat(partitions(scene, name)).isEqualTo(4);
        assertThat(config(scene, Service.INGEST, name, 4)).isEqualTo("5000");
        CreateTopicsResponseData again = scene.call(listener, request, version, CreateTopicsResponseData.class);
        assertThat(Errors.forCode(again.topics().iterator().next().errorCode())).isEqualTo(Errors.TOPIC_ALREADY_EXISTS);
    }

    private static void deleteTopics(Scene scene, Service listener, int version) {
        RawTopic topic = scene.freshTopicWith(1);
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(30_000);
        if (version >= 6) {
            request.setTopics(List.of(
                    new DeleteTopicsRequestData.DeleteTopicState().setName(null).setTopicId(topic.id())));
        } else {
            request.setTopicNames(List.of(topic.name()));
        }

        DeleteTopicsResponseData answer = scene.call(listener, request, version, DeleteTopicsResponseData.class);

        assertNone(answer.responses().iterator().next().errorCode());
        assertThat(metadata(scene, topic.name()).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private static void createPartitions(Scene scene, Service listener, int version) {
        RawTopic topic = scene.freshTopic(2);
        CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(30_000);
        request.topics()
                .add(new CreatePartitionsRequestData.CreatePartitionsTopic()
                        .setName(topic.name())
                        .setCount(6)
                        .setAssignments(null));

        CreatePartitionsResponseData answer =
                scene.call(listener, request, version, CreatePartitionsResponseData.class);

        assertNone(answer.results().getFirst().errorCode());
        assertThat(partitions(scene, topic.name())).isEqualTo(6);
    }

    /// The storage view: replicas that really keep the data.
    private static void describeTopicPartitions(Scene scene, Service listener, int version) {
        RawTopic topic = scene.freshTopic(3);
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData()
                .setTopics(List.of(new DescribeTopicPartitionsRequestData.TopicRequest().setName(topic.name())));

        var described = scene.call(listener, request, version, DescribeTopicPartitionsResponseData.class)
                .topics()
                .iterator()
                .next();

        assertNone(described.errorCode());
        assertThat(described.topicId()).isEqualTo(topic.id());
        assertThat(described.partitions()).hasSize(3).allSatisfy(partition -> {
            assertThat(partition.replicaNodes()).hasSize(1).isEqualTo(partition.isrNodes());
        });
    }

    private static void describeConfigs(Scene scene, Service listener, int version) {
        RawTopic topic = scene.freshTopic(1);

        assertThat(config(scene, listener, topic.name(), version)).isEqualTo("1048588");
    }

    private static void incrementalAlterConfigs(Scene scene, Service listener, int version) {
        RawTopic topic = scene.freshTopic(1);
        IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(TOPIC)
                        .setResourceName(topic.name());
        resource.configs()
                .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                        .setName("max.message.bytes")
                        .setConfigOperation((byte) 0)
                        .setValue("7777"));
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource);

        IncrementalAlterConfigsResponseData answer =
                scene.call(listener, request, version, IncrementalAlterConfigsResponseData.class);

        assertNone(answer.responses().getFirst().errorCode());
        assertThat(config(scene, Service.INGEST, topic.name(), 4)).isEqualTo("7777");
    }

    private static String config(Scene scene, Service listener, String topic, int version) {
        DescribeConfigsRequestData request = new DescribeConfigsRequestData()
                .setResources(List.of(new DescribeConfigsRequestData.DescribeConfigsResource()
                        .setResourceType(TOPIC)
                        .setResourceName(topic)
                        .setConfigurationKeys(List.of("max.message.bytes"))));
        var result = scene.call(listener, request, version, DescribeConfigsResponseData.class)
                .results()
                .getFirst();
        assertNone(result.errorCode());
        assertThat(result.configs()).hasSize(1);
        return result.configs().getFirst().value();
    }

    private static int partitions(Scene scene, String topic) {
        var described = metadata(scene, topic);
        assertNone(described.errorCode());
        return described.partitions().size();
    }

    private static MetadataResponseData.MetadataResponseTopic metadata(Scene scene, String topic) {
        ApiMessage request = new MetadataRequestData()
                .setAllowAutoTopicCreation(false)
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(topic)));
        return scene.connection(Service.INGEST)
                .call(request, 12, MetadataResponseData.class)
                .topics()
                .iterator()
                .next();
    }
}
