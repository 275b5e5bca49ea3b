package io.millrace.e2e.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/// Many requests on one connection before the first answer is read.
///
/// Source: failure F17 (answers out of request order).
@WithCluster
final class PipeliningIT {
    private static final int REQUESTS = 1_000;
    private static final int PRODUCE = 9;
    private static final int FETCH = 12;
    private static final int API_VERSIONS = 3;

    private final MillraceCluster cluster;
    private final Clients clients;

    PipeliningIT(MillraceCluster cluster) {
        this.cluster = cluster;
        this.clients = new Clients(cluster.bootstrap());
    }

    @Test
    void producesAreDoneInTheOrderSent() {
        clients.createTopic("pipelined-produce", 1);
        List<Long> offsets = new ArrayList<>();

        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            RawTopic topic = RawTopic.find(connection, "pipelined-produce");
            for (int i = 0; i < REQUESTS; i++) {
                connection.post(topic.produceRequest(0, Batches.of("number " + i), -1, PRODUCE), PRODUCE);
            }
            for (int i = 0; i < REQUESTS; i++) {
                offsets.add(RawTopic.produced(connection.receive(ProduceResponseData.class))
                        .baseOffset());
            }
        }

        assertThat(offsets).isSorted().hasSize(REQUESTS).startsWith(0L).endsWith(REQUESTS - 1L);
        assertThat(new Reading(clients).records("pipelined-produce"))
                .allMatch(record ->
                        new String(record.value(), StandardCharsets.UTF_8).equals("number " + record.offset()));
    }

    @Test
    void slowAndQuickRequestsAreAnsweredInTheOrderSent() {
        clients.createTopic("pipelined-mix", 1);
        Random random =
                Seed.print("slowAndQuickRequestsAreAnsweredInTheOrderSent").random();
        List<Class<? extends ApiMessage>> expected = new ArrayList<>();

        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            RawTopic topic = RawTopic.find(connection, "pipelined-mix");
            topic.produce(connection, 0, Batches.of("the first"), PRODUCE);
            for (int i = 0; i < REQUESTS; i++) {
                expected.add(postAny(connection, topic, random));
            }
            // RawConnection checks that each answer carries the correlation id of the oldest request.
            expected.forEach(type -> assertThat(connection.receive(type)).isInstanceOf(type));
        }
    }

    @Test
    void aRequestThatFailsDoesNotDisturbItsNeighbours() {
        clients.createTopic("pipelined-failures", 1);

        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            RawTopic topic = RawTopic.find(connection, "pipelined-failures");
            for (int i = 0; i < 100; i++) {
                connection.post(topic.produceRequest(i % 2, Batches.of("number " + i), -1, PRODUCE), PRODUCE);
            }
            for (int i = 0; i < 100; i++) {
                Errors expected = i % 2 == 0 ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION;
                ProduceResponseData answer = connection.receive(ProduceResponseData.class);
                assertThat(Errors.forCode(RawTopic.produced(answer).errorCode()))
                        .isEqualTo(expected);
            }
        }
    }

    private static Class<? extends ApiMessage> postAny(RawConnection connection, RawTopic topic, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                connection.post(topic.produceRequest(0, Batches.of("any"), -1, PRODUCE), PRODUCE);
                yield ProduceResponseData.class;
            }
            case 1 -> {
                Range atOnce = Range.at(0, 0).limitedTo(10_000);
                connection.post(topic.fetchRequest(atOnce, FETCH), FETCH);
                yield FetchResponseData.class;
            }
            case 2 -> {
                Range waits = Range.at(0, 0).limitedTo(10_000).waiting(10_000_000, random.nextInt(20));
                connection.post(topic.fetchRequest(waits, FETCH), FETCH);
                yield FetchResponseData.class;
            }
            case 3 -> {
                connection.post(
                        new ApiVersionsRequestData()
                                .setClientSoftwareName("raw")
                                .setClientSoftwareVersion("1"),
                        API_VERSIONS);
                yield ApiVersionsResponseData.class;
            }
            default -> throw new IllegalStateException("nextInt(4)");
        };
    }
}
