package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Kcat;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// librdkafka's view: kcat writes 5,003 lines with each compression and reads back exactly those.
@WithCluster
final class KcatIT {
    private static final int LINES = 5_003;

    private final MillraceCluster cluster;

    @TempDir
    private Path directory = Path.of("");

    KcatIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void eachLineComesBackOnceAndOffsetsHaveNoGap(String compression) throws IOException {
        String topic = "kcat-" + compression;
        new Clients(cluster.bootstrap()).createTopic(topic, 3);
        List<String> lines = IntStream.range(0, LINES)
                .mapToObj(i -> "line " + i + " of " + compression + " " + "x".repeat(i % 97))
                .toList();
        Path file = Files.write(directory.resolve("lines"), lines);
        Kcat kcat = new Kcat(cluster.bootstrap(), directory);

        kcat.produce(topic, file, compression);
        List<String> read = kcat.consume(topic, "%p %o %s\n");

        assertThat(read).hasSize(LINES);
        assertThat(read.stream().map(line -> line.split(" ", 3)[2])).containsExactlyInAnyOrderElementsOf(lines);
        Map<String, Long> next = new HashMap<>();
        for (String line : read) {
            String[] parts = line.split(" ", 3);
            assertThat(Long.parseLong(parts[1])).isEqualTo(next.getOrDefault(parts[0], 0L));
            next.merge(parts[0], 1L, Long::sum);
        }
        assertThat(next).hasSize(3);
    }

    @Test
    void theMetadataNamesTheThreeListeners() {
        List<String> metadata = new Kcat(cluster.bootstrap(), directory).metadata();

        for (Service service : List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR)) {
            assertThat(metadata).anyMatch(line -> line.contains("at " + cluster.kafka(service)));
        }
    }
}
