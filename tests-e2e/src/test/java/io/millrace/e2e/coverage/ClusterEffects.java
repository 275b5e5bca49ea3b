package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.HostPort;
import io.millrace.e2e.cluster.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Effects of the APIs by which a client finds its way; each is asked of every listener.
final class ClusterEffects {
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    private ClusterEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.API_VERSIONS, ClusterEffects::apiVersions,
                ApiKeys.METADATA, ClusterEffects::metadata,
                ApiKeys.DESCRIBE_CLUSTER, ClusterEffects::describeCluster,
                ApiKeys.FIND_COORDINATOR, ClusterEffects::findCoordinator);
    }

    /// Each listener says that it knows the version it was asked in.
    private static void apiVersions(Scene scene, int version) {
        ApiVersionsRequestData request = new ApiVersionsRequestData();
        if (version >= 3) {
            request.setClientSoftwareName("raw").setClientSoftwareVersion("1");
        }
        for (Service listener : LISTENERS) {
            ApiVersionsResponseData answer = scene.call(listener, request, version, ApiVersionsResponseData.class);

            assertNone(answer.errorCode());
            var own = answer.apiKeys().find(ApiKeys.API_VERSIONS.id);
            assertThat(version).isBetween((int) own.minVersion(), (int) own.maxVersion());
        }
    }

    /// A topic's partitions lead to brokers that are the three listeners.
    private static void metadata(Scene scene, int version) {
        RawTopic topic = scene.freshTopic(3);
        for (Service listener : LISTENERS) {
            MetadataResponseData answer =
                    scene.call(listener, metadataRequest(topic, version), version, MetadataResponseData.class);

            Set<HostPort> addresses = new HashSet<>();
            Set<Integer> ids = new HashSet<>();
            answer.brokers().forEach(broker -> {
                addresses.add(new HostPort(broker.host(), broker.port()));
                ids.add(broker.nodeId());
            });
            assertThat(addresses)
                    .isEqualTo(Set.copyOf(
                            LISTENERS.stream().map(scene.cluster()::kafka).toList()));
            var described = answer.topics().iterator().next();
            assertNone(described.errorCode());
            assertThat(described.name()).isEqualTo(topic.name());
            assertThat(described.partitions())
                    .hasSize(3)
                    .allSatisfy(partition -> assertThat(ids).contains(partition.leaderId()));
            if (version >= 10) {
                assertThat(described.topicId()).isEqualTo(topic.id());
            }
        }
    }

    private static MetadataRequestData metadataRequest(RawTopic topic, int version) {
        MetadataRequestData.MetadataRequestTopic wanted = new MetadataRequestData.MetadataRequestTopic();
        if (version >= 12) {
            wanted.setName(null).setTopicId(topic.id());
        } else {
            wanted.setName(topic.name());
        }
        MetadataRequestData request = new MetadataRequestData().setTopics(List.of(wanted));
        return version >= 4 ? request.setAllowAutoTopicCreation(false) : request;
    }

    /// The cluster's id is one, and its nodes are the three listeners.
    private static void describeCluster(Scene scene, int version) {
        Set<String> ids = new HashSet<>();
        for (Service listener : LISTENERS) {
            DescribeClusterResponseData answer =
                    scene.call(listener, new DescribeClusterRequestData(), version, DescribeClusterResponseData.class);

            assertNone(answer.errorCode());
            assertThat(answer.brokers()).hasSize(LISTENERS.size());
            assertThat(answer.brokers().find(answer.controllerId())).isNotNull();
            ids.add(answer.clusterId());
        }
        assertThat(ids).hasSize(1);
    }

    /// Every listener names the service that answers for groups.
    private static void findCoordinator(Scene scene, int version) {
        FindCoordinatorRequestData request = new FindCoordinatorRequestData();
        if (version >= 4) {
            request.setCoordinatorKeys(List.of("a group", "another"));
        } else {
            request.setKey("a group");
        }
        HostPort expected = scene.cluster().kafka(Service.OFFSET_COORDINATOR);
        for (Service listener : LISTENERS) {
            FindCoordinatorResponseData answer =
                    scene.call(listener, request, version, FindCoordinatorResponseData.class);

            if (version >= 4) {
                assertThat(answer.coordinators()).hasSize(2).allSatisfy(each -> {
                    assertNone(each.errorCode());
                    assertThat(new HostPort(each.host(), each.port())).isEqualTo(expected);
                });
            } else {
                assertNone(answer.errorCode());
                assertThat(new HostPort(answer.host(), answer.port())).isEqualTo(expected);
            }
        }
    }
}
