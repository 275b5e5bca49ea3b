package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/// Many create the same topic at once: there is one topic, and nobody who was told of it finds it unknown anywhere.
///
/// Source: failures F22, F23 (just created and reported unknown), F25 (a leader that is not among the brokers).
@WithCluster
final class TopicCreationIT {
    private static final int CREATORS = 64;
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    private final MillraceCluster cluster;

    TopicCreationIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    private record Created(Errors error, Set<Uuid> idsSeen, Errors produced) {}

    @Test
    void manyCreatorsAtOnceMakeOneTopicThatIsKnownEverywhere() {
        List<Created> results = together(i -> createAndUse("created-by-many", LISTENERS.get(i % LISTENERS.size())));

        assertThat(results.stream().filter(each -> each.error() == Errors.NONE)).hasSize(1);
        assertThat(results.stream().filter(each -> each.error() == Errors.TOPIC_ALREADY_EXISTS))
                .hasSize(CREATORS - 1);
        Set<Uuid> ids = new HashSet<>();
        results.forEach(each -> ids.addAll(each.idsSeen()));
        assertThat(ids).hasSize(1).doesNotContain(Uuid.ZERO_UUID);
        assertThat(results).extracting(Created::produced).containsOnly(Errors.NONE);
    }

    @Test
    void manyClientsThatCreateByAskingGetOneTopic() {
        List<Uuid> ids = together(i -> askUntilKnown("created-by-asking", LISTENERS.get(i % LISTENERS.size())));

        assertThat(new HashSet<>(ids)).hasSize(1).doesNotContain(Uuid.ZERO_UUID);
    }

    @Test
    void eachPartitionHasALeaderAmongTheBrokers() {
        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            create(connection, "led", 16);
            for (Service listener : LISTENERS) {
                try (RawConnection other = RawConnection.open(cluster.kafka(listener))) {
                    MetadataResponseData metadata = ask(other, "led");
                    Set<Integer> brokers = new HashSet<>();
                    metadata.brokers().forEach(broker -> brokers.add(broker.nodeId()));
                    var partitions = metadata.topics().iterator().next().partitions();
                    assertThat(partitions).hasSize(16).allSatisfy(partition -> {
                        assertThat(brokers).contains(partition.leaderId());
                        assertThat(brokers).containsAll(partition.isrNodes());
                        assertThat(partition.errorCode()).isZero();
                    });
                }
            }
        }
    }

    private Created createAndUse(String name, Service through) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(through))) {
            Errors error = create(connection, name, 3);
            Set<Uuid> ids = new HashSet<>();
            for (Service listener : LISTENERS) {
                try (RawConnection other = RawConnection.open(cluster.kafka(listener))) {
                    ids.add(RawTopic.find(other, name).id());
                }
            }
            try (RawConnection ingest = RawConnection.open(cluster.kafka(Service.INGEST))) {
                RawTopic topic = RawTopic.find(ingest, name);
                return new Created(
                        error,
                        ids,
                        Errors.forCode(topic.produce(ingest, 1, Batches.of("at once"), 9)
                                .errorCode()));
            }
        }
    }

    /// As a producer does: the answer may be a retriable error while the topic is being made, and once it is known it
    /// stays so.
    private Uuid askUntilKnown(String name, Service through) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(through))) {
            for (int attempt = 0; attempt < 1_000; attempt++) {
                var topic = ask(connection, name).topics().iterator().next();
                Errors error = Errors.forCode(topic.errorCode());
                if (error == Errors.NONE) {
                    assertThat(RawTopic.find(connection, name).id()).isEqualTo(topic.topicId());
                    return topic.topicId();
                }
                assertThat(error).isIn(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.LEADER_NOT_AVAILABLE);
            }
            throw new AssertionError(name + " was not created by 1000 requests");
        }
    }

    private static Errors create(RawConnection connection, String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(30_000);
        request.topics()
                .add(new CreateTopicsRequestData.CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor((short) -1));
        CreateTopicsResponseData answer = connection.call(request, 7, CreateTopicsResponseData.class);
        return Errors.forCode(answer.topics().iterator().next().errorCode());
    }

    private static MetadataResponseData ask(RawConnection connection, String name) {
        MetadataRequestData request = new MetadataRequestData()
                .setAllowAutoTopicCreation(true)
                .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName(name)));
        return connection.call(request, 12, MetadataResponseData.class);
    }

    private static <T> List<T> together(IntFunction<T> task) {
        CyclicBarrier start = new CyclicBarrier(CREATORS);
        try (ExecutorService pool = Executors.newFixedThreadPool(CREATORS)) {
            List<Future<T>> futures = IntStream.range(0, CREATORS)
                    .mapToObj(i -> pool.submit(() -> {
                        start.await();
                        return task.apply(i);
                    }))
                    .toList();
            List<T> results = new ArrayList<>();
            futures.forEach(future -> results.add(io.millrace.e2e.client.Await.value(future)));
            return results;
        }
    }
}
