package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.Metrics;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's own torture test of compaction, against this server: it produces to compacted topics, consumes them, and
/// compares the last record of each key in both.
///
/// Only what is sealed is compacted, so the segments are as small as can be, and compaction happens while it produces.
final class LogCompactionTesterIT {
    private static final int MESSAGES = Tier.rounds(150_000, 3_000_000);
    private static final int TOPICS = Tier.rounds(2, 5);
    private static final int DUPLICATES = 10;
    private static final int MINUTES_MAX = 30;

    @AutoClose
    private final MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("log-compaction-tester")
            .with("millrace.wal-store.segment-size", "256K")
            .with("millrace.wal-store.round-size-max", "128K")
            .with("millrace.wal-store.batch-size-max", "128K")
            .with("millrace.wal-store.seal-segments-min", "1")
            .with("millrace.wal-store.retention-check-interval", "200ms"));

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void theLastRecordOfEachKeyIsConsumedAndOthersAreGone() throws IOException, InterruptedException {
        Path output = temporary.resolve("output");

        Process tester = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean hasEnded = tester.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
        tester.destroyForcibly();

        String said = Files.readString(output);
        Metrics metrics = cluster.metrics(Service.WAL_STORE);
        assertThat(hasEnded).as(said).isTrue();
        assertThat(tester.exitValue()).as(said).isZero();
        assertThat(said).contains(", 0 mismatches").contains("Data verification is completed");
        assertThat(consumedRows(said)).isLessThan((long) MESSAGES * TOPICS / 2);
        assertThat(metrics.sum("millrace_wal_compactions_total")).isGreaterThanOrEqualTo(TOPICS);
        assertThat(metrics.sum("millrace_wal_compacted_bytes_total")).isPositive();
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m", "-Djava.io.tmpdir=" + temporary));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("org.apache.kafka.tools.LogCompactionTester");
        command.addAll(List.of("--bootstrap-server", cluster.bootstrap()));
        command.addAll(List.of("--messages", Integer.toString(MESSAGES)));
        command.addAll(List.of("--topics", Integer.toString(TOPICS)));
        command.addAll(List.of("--duplicates", Integer.toString(DUPLICATES)));
        command.addAll(List.of("--percent-deletes", "10"));
        // Seconds, in which what is sealed late is compacted, too.
        command.addAll(List.of("--sleep", "2"));
        return command;
    }

    /// Of a line such as `100 rows of data produced, 20 rows of data consumed (80.0% reduction).`
    private static long consumedRows(String said) {
        String line = said.lines()
                .filter(each -> each.contains(" rows of data consumed"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(said));
        return Long.parseLong(line.replaceFirst(".*produced, (\\d+) rows.*", "$1"));
    }
}
