package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.WithCluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a topic accepts, changed while it is in use.
@WithCluster
final class TopicLimitsIT {
    private static final long HOUR = TimeUnit.HOURS.toMillis(1);

    private final Clients clients;

    @AutoClose
    private final Admin admin;

    @AutoClose
    private final KafkaProducer<byte[], byte[]> producer;

    TopicLimitsIT(MillraceCluster cluster) {
        this.clients = new Clients(cluster.bootstrap());
        this.admin = clients.admin();
        this.producer = clients.producer();
    }

    @Test
    void theLargestMessage() {
        clients.createTopic("limits-size", 1);
        assertThat(failure("limits-size", now(), 100_000)).isEmpty();

        alter("limits-size", "max.message.bytes", "50000");
        awaitFailure("limits-size", now(), 100_000, RecordTooLargeException.class);
        assertThat(failure("limits-size", now(), 40_000)).isEmpty();

        alter("limits-size", "max.message.bytes", "200000");
        awaitSuccess("limits-size", now(), 100_000);
    }

    @Test
    void timestampsBehindAndAhead() {
        clients.createTopic("limits-time", 1);
        assertThat(failure("limits-time", now() - 48 * HOUR, 10)).isEmpty();
        assertThat(failure("limits-time", now() + 2 * HOUR, 10)).get().isInstanceOf(InvalidTimestampException.class);

        alter("limits-time", "message.timestamp.before.max.ms", Long.toString(24 * HOUR));
        awaitFailure("limits-time", now() - 48 * HOUR, 10, InvalidTimestampException.class);
        assertThat(failure("limits-time", now() - HOUR, 10)).isEmpty();

        alter("limits-time", "message.timestamp.after.max.ms", Long.toString(24 * HOUR));
        awaitSuccess("limits-time", now() + 2 * HOUR, 10);
    }

    @Test
    void theTimeOfTheAppendInsteadOfTheProducers() {
        clients.createTopic("limits-append-time", 1);
        assertThat(send("limits-append-time", 1_000, 10).timestamp()).isEqualTo(1_000);

        alter("limits-append-time", "message.timestamp.type", "LogAppendTime");

        Awaitility.await("records get the time of their append")
                .atMost(Duration.ofSeconds(30))
                .until(() -> send("limits-append-time", now() + 100 * HOUR, 10).timestamp() <= now());
    }

    private void awaitFailure(String topic, long timestamp, int bytes, Class<? extends Exception> expected) {
        Awaitility.await(topic + " refuses")
                .atMost(Duration.ofSeconds(30))
                .until(() -> failure(topic, timestamp, bytes), why -> why.isPresent());
        assertThat(failure(topic, timestamp, bytes)).get().isInstanceOf(expected);
    }

    private void awaitSuccess(String topic, long timestamp, int bytes) {
        Awaitility.await(topic + " accepts")
                .atMost(Duration.ofSeconds(30))
                .until(() -> failure(topic, timestamp, bytes).isEmpty());
    }

    private Optional<Throwable> failure(String topic, long timestamp, int bytes) {
        var sent = producer.send(new ProducerRecord<>(topic, 0, timestamp, null, new byte[bytes]));
        producer.flush();
        return sent.state() == java.util.concurrent.Future.State.FAILED
                ? Optional.of(Await.failure(sent))
                : Optional.empty();
    }

    private RecordMetadata send(String topic, long timestamp, int bytes) {
        return Await.value(producer.send(new ProducerRecord<>(topic, 0, timestamp, null, new byte[bytes])));
    }

    private void alter(String topic, String name, String value) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        Await.value(
                admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all());
    }

    private static long now() {
        return System.currentTimeMillis();
    }
}
