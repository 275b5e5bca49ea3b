package io.millrace.e2e.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.Launcher;
import io.millrace.e2e.cluster.Launcher.Output;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./millrace wal` on what a killed wal-store left: it shows what was acknowledged, finds damage, and changes nothing.
@WithCluster
final class WalInspectorIT {
    private static final int RECORDS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MillraceCluster cluster;

    @TempDir
    private Path temporary = Path.of("");

    WalInspectorIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void whatAKilledProcessLeftIsListedVerifiedAndDumpedAndStaysAsItWas() throws IOException {
        produce("inspected");
        Launcher launcher = new Launcher(cluster.dataDirectory(), temporary);
        Output whileRunning = launcher.run("wal", "verify");
        cluster.kill(Service.WAL_STORE);
        Map<String, String> before = content(log());

        Output listed = launcher.run("wal", "ls");
        Output verified = launcher.run("wal", "verify", "--json");
        Output dumped = launcher.run("wal", "dump", "--partition", "inspected/1", "--json");

        Map<String, String> after = content(log());
        restart("inspected");
        assertThat(after).isEqualTo(before);
        assertThat(whileRunning.exitCode()).isEqualTo(2);
        assertThat(whileRunning.complaints()).contains("A running process has");
        assertThat(listed.exitCode()).isZero();
        assertThat(listed.lines()).anyMatch(line -> line.startsWith("segment ") && line.contains("state=written"));
        assertThat(verified.exitCode()).isZero();
        assertThat(JSON.readTree(verified.lines().getLast()).get("kind").asText())
                .isEqualTo("next-start");
        assertThat(records(dumped.lines())).isEqualTo(RECORDS);
    }

    @Test
    void aFlippedByteOfACopyIsFoundInItsFileAtItsPlace() throws IOException {
        produce("flipped");
        cluster.kill(Service.WAL_STORE);
        Path copy = Files.createDirectory(temporary.resolve("copy"));
        Launcher launcher = new Launcher(copy, temporary);
        JsonNode batch = JSON.readTree(new Launcher(cluster.dataDirectory(), temporary)
                .run("wal", "dump", "--partition", "flipped/1", "--json")
                .lines()
                .getFirst());
        String file = batch.get("file").asText();
        copyWithFlip(copy, file, batch.get("file-position").asLong() + 100);
        restart("flipped");

        Output verified = launcher.run("wal", "verify");

        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.lines())
                .anyMatch(line ->
                        line.contains("file=" + file) && line.contains("unreadable-at=" + batch.get("file-position")));
        assertThat(verified.lines().getLast()).startsWith("next-start does=refuses file=" + file);
    }

    private void produce(String topic) {
        Clients clients = new Clients(cluster.bootstrap());
        clients.createTopic(topic, 2);
        try (Load load = new Load(topic, clients.producer(), new Random(1))) {
            for (int i = 0; i < RECORDS; i++) {
                load.send(topic, 1, 500);
            }
            load.flush();
            assertThat(load.failures()).isEmpty();
        }
    }

    /// And all is still there.
    private void restart(String topic) {
        cluster.start(Service.WAL_STORE);
        assertThat(new Reading(new Clients(cluster.bootstrap())).journal(topic)).hasSize(RECORDS);
    }

    private Path log() {
        return cluster.dataDirectory().resolve("wal-store");
    }

    /// The sum of the batches, which follow each other.
    private static long records(List<String> lines) throws IOException {
        long next = 0;
        for (String line : lines) {
            JsonNode batch = JSON.readTree(line);
            assertThat(batch.get("kind").asText()).isEqualTo("batch");
            assertThat(batch.get("first-offset").asLong()).isEqualTo(next);
            next = batch.get("last-offset").asLong() + 1;
        }
        return next;
    }

    private void copyWithFlip(Path copy, String damaged, long position) throws IOException {
        try (Stream<Path> files = Files.list(log())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        try (RandomAccessFile file = new RandomAccessFile(copy.resolve(damaged).toFile(), "rw")) {
            file.seek(position);
            int was = file.read();
            file.seek(position);
            file.write(was ^ 1);
        }
    }

    /// Names with sizes and times of the last change.
    private static Map<String, String> content(Path directory) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                content.put(file.getFileName().toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return content;
    }
}
