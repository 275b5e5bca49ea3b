package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.MillraceCluster.KafkaNode;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;

/// Connections that ask for far more than a socket holds, each many times ahead, and read no answer until they are told
/// to.
///
/// Threads: one.
record DeafReader(List<RawConnection> connections) {
    private static final int CONNECTIONS = 4;
    private static final int VERSION = 10;

    /// More than a listener works on at a time.
    private static final int FETCHES = 70;

    static DeafReader of(KafkaNode node, RawTopic topic) {
        List<RawConnection> connections = Stream.generate(() -> RawConnection.open(node.address()))
                .limit(CONNECTIONS)
                .toList();
        Range range = Range.at(0, 0).limitedTo(1 << 20);
        for (RawConnection connection : connections) {
            for (int i = 0; i < FETCHES; i++) {
                connection.post(topic.fetchRequest(range, VERSION), VERSION);
            }
        }
        return new DeafReader(connections);
    }

    /// Each question gets its answer, in order, from the first record on.
    void readAll() {
        for (RawConnection connection : connections) {
            for (int i = 0; i < FETCHES; i++) {
                var answer = RawTopic.fetched(connection.receive(FetchResponseData.class));
                assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
                assertThat(RawTopic.records(answer).records().iterator().next().offset())
                        .isZero();
            }
            connection.close();
        }
    }
}
