package io.millrace.e2e.clients;

import static io.restassured.RestAssured.given;

import io.millrace.e2e.client.KafkaTool;
import io.millrace.e2e.client.Program;
import io.millrace.e2e.cluster.FreePorts;
import io.millrace.e2e.cluster.MillraceCluster;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/// A worker of a distributed Kafka Connect, with Kafka's file connectors; what it has to know is in Kafka.
///
/// Threads: one.
final class ConnectWorker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Program process;
    private final int port;

    private ConnectWorker(Program process, int port) {
        this.process = process;
        this.port = port;
    }

    /// Returns when its API answers.
    ///
    /// @param directory for its configuration
    static ConnectWorker start(String bootstrap, Path directory) {
        int port = new FreePorts().next();
        Map<String, String> settings = new TreeMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                "connect",
                "listeners",
                "http://127.0.0.1:" + port,
                "plugin.path",
                Path.of("target", "connect").toAbsolutePath().toString(),
                "key.converter",
                "org.apache.kafka.connect.storage.StringConverter",
                "value.converter",
                "org.apache.kafka.connect.storage.StringConverter"));
        for (String what : List.of("config", "offset", "status")) {
            settings.put(what + ".storage.topic", "connect-" + what);
            settings.put(what + ".storage.replication.factor", "-1");
        }
        settings.put("offset.flush.interval.ms", "500");
        settings.put("scheduled.rebalance.max.delay.ms", "0");
        settings.put("session.timeout.ms", "10000");
        List<String> lines = settings.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .toList();
        try {
            Path file = Files.write(directory.resolve("worker.properties"), lines);
            Program process = Program.start(
                    KafkaTool.java("org.apache.kafka.connect.cli.ConnectDistributed", List.of(file.toString())));
            ConnectWorker worker = new ConnectWorker(process, port);
            process.awaitOutput("Connect answers", PATIENCE, _ -> worker.answers());
            return worker;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot configure Connect", failed);
        }
    }

    /// Once the worker knows its group, which takes as long as its first rebalance.
    void configure(String connector, Map<String, String> configuration) {
        Awaitility.await(connector + " is configured")
                .atMost(PATIENCE)
                .until(() -> given().contentType("application/json")
                                .body(configuration)
                                .put(rest() + "/connectors/" + connector + "/config")
                                .statusCode()
                        == 201);
    }

    /// SIGTERM: it commits where it is.
    void terminate() {
        process.terminate();
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answers() {
        return !MillraceCluster.isPortFree(port)
                && RestAssured.get(rest() + "/").statusCode() == 200;
    }

    private String rest() {
        return "http://127.0.0.1:" + port;
    }
}
