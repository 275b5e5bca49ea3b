package io.millrace.e2e.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.cluster.LaunchedCluster;
import io.millrace.e2e.cluster.Launcher;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./millrace loadtest` while services are killed: nothing lost, nothing twice, and a report.
final class LoadTestIT {
    private static final Duration LENGTH_MAX = Duration.ofMinutes(10);

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void nothingIsLostOrDuplicatedWhileServicesAreKilled() {
        Path report = temporary.resolve("report.html");
        String profile = switch (Tier.current()) {
            case NORMAL -> "quick";
            case SOAK -> "standard";
        };
        long seed = Seed.print("LoadTestIT").value();
        try (LaunchedCluster cluster = LaunchedCluster.up("loadtest", Map.of(), temporary)) {
            Launcher.Output output = cluster.loadTest(
                    LENGTH_MAX,
                    profile,
                    "--kill-every",
                    "20",
                    "--report",
                    report.toString(),
                    "--seed",
                    Long.toString(seed));
            output.lines().forEach(System.out::println);

            assertThat(output.exitCode()).as(output.complaints()).isZero();
            assertThat(output.lines())
                    .anyMatch(line -> line.startsWith("0 lost, 0 duplicated, 0 reordered, 0 offsets skipped"))
                    .anyMatch(line -> line.startsWith("Correct."));
        }
        assertThat(report).content().contains("<h1>Load test: " + profile + ", correct</h1>", "<polyline", "kill -9");
    }
}
