package io.millrace.e2e.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A request that reaches the wrong service gets the error upon which clients look up the right one.
@WithCluster
final class WrongServiceIT {
    private final MillraceCluster cluster;

    WrongServiceIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"FETCH", "OFFSET_COORDINATOR"})
    void whoLeadsNoPartitionSaysSo(Service service) {
        String name = "not-led-by-" + service.id();
        new Clients(cluster.bootstrap()).createTopic(name, 1);
        try (RawConnection connection = RawConnection.open(cluster.kafka(service))) {
            RawTopic topic = RawTopic.find(connection, name);

            var produced = topic.produce(connection, 0, Batches.of("a"), 9);
            var offset = topic.offset(connection, 0, -1, 7);

            assertThat(Errors.forCode(produced.errorCode())).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
            assertThat(Errors.forCode(offset.errorCode())).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        }
        try (RawConnection ingest = RawConnection.open(cluster.kafka(Service.INGEST))) {
            assertThat(RawTopic.find(ingest, name)
                            .fetch(ingest, Range.at(0, 0).waiting(1, 10), 10)
                            .highWatermark())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Service.class,
            names = {"INGEST", "FETCH"})
    void whoCoordinatesNoGroupSaysSo(Service service) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(service))) {
            HeartbeatResponseData heartbeat = connection.call(
                    new HeartbeatRequestData().setGroupId("any").setMemberId("any"), 4, HeartbeatResponseData.class);
            OffsetFetchRequestData request = new OffsetFetchRequestData()
                    .setGroups(List.of(new OffsetFetchRequestData.OffsetFetchRequestGroup()
                            .setGroupId("any")
                            .setTopics(null)));
            OffsetFetchResponseData offsets = connection.call(request, 9, OffsetFetchResponseData.class);

            assertThat(Errors.forCode(heartbeat.errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
            assertThat(Errors.forCode(offsets.groups().getFirst().errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
        }
    }
}
