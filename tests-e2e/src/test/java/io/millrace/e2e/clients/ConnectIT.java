package io.millrace.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.WithCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Connect copies the lines of a growing file through a topic to another file.
@WithCluster
final class ConnectIT {
    private static final int PART = 300;
    private static final String TOPIC = "connect-lines";

    private final MillraceCluster cluster;

    @TempDir
    private Path directory = Path.of("");

    ConnectIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void eachLineArrivesThroughACrashOfTheClusterAndARestartOfTheWorker() throws IOException {
        Clients clients = new Clients(cluster.bootstrap());
        clients.createTopic(TOPIC, 1);

        try (ConnectWorker worker = ConnectWorker.start(cluster.bootstrap(), directory)) {
            append(0);
            worker.configure(
                    "source",
                    Map.of(
                            "connector.class",
                            "org.apache.kafka.connect.file.FileStreamSourceConnector",
                            "topic",
                            TOPIC,
                            "file",
                            source().toString()));
            worker.configure(
                    "sink",
                    Map.of(
                            "connector.class",
                            "org.apache.kafka.connect.file.FileStreamSinkConnector",
                            "topics",
                            TOPIC,
                            "file",
                            sink().toString()));
            awaitParts(1);
            append(1);
            cluster.kill();
            append(2);
            cluster.start();
            awaitParts(3);
            worker.terminate();
        }
        append(3);
        try (ConnectWorker _ = ConnectWorker.start(cluster.bootstrap(), directory)) {
            awaitParts(4);
        }

        List<String> log = new Reading(clients)
                .records(TOPIC).stream()
                        .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                        .toList();
        assertThat(new LinkedHashSet<>(log)).containsExactlyElementsOf(lines(0, 4));
        assertThat(Files.readAllLines(sink())).containsAll(log);
        // The source is not idempotent, but whoever was told to end does not repeat what it had committed.
        assertThat(log.subList(log.size() - PART, log.size())).isEqualTo(lines(3, 4));
        assertThat(log.indexOf("line " + 3 * PART)).isEqualTo(log.size() - PART);
        ClientsPage.show(new ClientsPage.Row(
                "Kafka Connect, distributed, file source and sink",
                AppInfoParser.getVersion(),
                "lines from file to file, kill -9 of everything, worker restarted",
                "nothing lost, order kept, nothing again after the restart"));
    }

    private void append(int part) throws IOException {
        Files.write(source(), lines(part, part + 1), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void awaitParts(int parts) {
        Awaitility.await(parts + " parts have arrived")
                .atMost(Duration.ofMinutes(2))
                .until(() -> Files.exists(sink())
                        && new LinkedHashSet<>(Files.readAllLines(sink())).containsAll(lines(0, parts)));
    }

    private static List<String> lines(int fromPart, int toPart) {
        return IntStream.range(fromPart * PART, toPart * PART)
                .mapToObj(i -> "line " + i)
                .toList();
    }

    private Path source() {
        return directory.resolve("source");
    }

    private Path sink() {
        return directory.resolve("sink");
    }
}
