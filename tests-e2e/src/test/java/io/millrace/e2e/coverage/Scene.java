package io.millrace.e2e.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/// What the effects work with: a connection to each listener, and topics and groups of their own.
///
/// Threads: one.
final class Scene implements AutoCloseable {
    /// Behind size and API key.
    private static final int API_VERSION_POSITION = 6;

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final MillraceCluster cluster;
    private final Map<Service, RawConnection> connections = new EnumMap<>(Service.class);
    private final Map<ApiKeys, Set<Integer>> used = new HashMap<>();

    Scene(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    /// Sends a request to the listener that clients would send it to.
    <T extends ApiMessage> T call(Service service, ApiMessage request, int version, Class<T> answer) {
        used.computeIfAbsent(ApiKeys.forId(request.apiKey()), api -> new HashSet<>())
                .add(version);
        return connection(service).call(request, version, answer);
    }

    /// For versions that Kafka advertises and does not answer.
    void assertClosesTheConnection(ApiKeys api, int version) {
        used.computeIfAbsent(api, each -> new HashSet<>()).add(version);
        RawTopic nowhere = new RawTopic("nowhere", Uuid.ZERO_UUID);
        try (RawConnection once = RawConnection.open(cluster.kafka(Service.INGEST))) {
            ByteBuffer frame = once.frame(nowhere.produceRequest(0, Batches.of("a"), -1, 3), 3);
            once.postBytes(frame.putShort(API_VERSION_POSITION, (short) version));

            assertThat(once.receiveFrame()).isEmpty();
        }
    }

    boolean hasUsed(ApiKeys api, int version) {
        return used.getOrDefault(api, Set.of()).contains(version);
    }

    MillraceCluster cluster() {
        return cluster;
    }

    RawConnection connection(Service service) {
        return connections.computeIfAbsent(service, key -> RawConnection.open(cluster.kafka(key)));
    }

    String freshName(String what) {
        return "effect-" + what + "-" + NAMES.incrementAndGet();
    }

    RawTopic freshTopic(int partitions) {
        String name = freshName("topic");
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(30_000);
        request.topics()
                .add(new CreateTopicsRequestData.CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) -1));
        CreateTopicsResponseData answer = connection(Service.INGEST).call(request, 7, CreateTopicsResponseData.class);
        assertNone(answer.topics().iterator().next().errorCode());
        return RawTopic.find(connection(Service.INGEST), name);
    }

    /// A topic of one partition with so many records, one in each batch.
    RawTopic freshTopicWith(int records) {
        RawTopic topic = freshTopic(1);
        for (int i = 0; i < records; i++) {
            assertNone(topic.produce(connection(Service.INGEST), 0, Batches.of("record " + i), 9)
                    .errorCode());
        }
        return topic;
    }

    static void assertNone(short errorCode) {
        assertThat(Errors.forCode(errorCode)).isEqualTo(Errors.NONE);
    }

    @Override
    public void close() {
        connections.values().forEach(RawConnection::close);
    }
}
