package io.millrace.e2e.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The trace id of a Kafka request, found in the logs of the service that got it and of the one that did the work.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TracesIT {
    private static final int LOG_LINES = 500;
    private static final Pattern PRODUCE =
            Pattern.compile("Kafka request traceId=([0-9a-f]{32}) api=Produce version=\\d+ client=traced ");

    @AutoClose
    private final MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("traces")
            .with("quarkus.log.category.\"io.millrace.kafka.handlers.RequestTraces\".level", "DEBUG")
            .with("quarkus.log.category.\"io.millrace.walstore.StoreSession\".level", "DEBUG"));

    private final Clients clients = new Clients(cluster.bootstrap());

    @Test
    void aProduceRequestIsFoundAgainInWalStore() {
        clients.createTopic("traced", 1);

        try (KafkaProducer<byte[], byte[]> producer = clients.producerWith(Map.of("client.id", "traced"))) {
            Await.value(producer.send(new ProducerRecord<>("traced", new byte[] {1})));
        }

        Matcher request = PRODUCE.matcher(cluster.process(Service.INGEST).logTail(LOG_LINES));
        assertThat(request.find()).isTrue();
        Awaitility.await("the append with the same trace id")
                .atMost(Duration.ofSeconds(10))
                .until(() -> cluster.process(Service.WAL_STORE)
                        .logTail(LOG_LINES)
                        .contains("append traceId=" + request.group(1)));
    }
}
