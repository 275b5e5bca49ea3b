package io.millrace.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each planted bug must turn some test of the engine red; without one, all are green.
final class PlantedMutants {

    private static final Path MUTANTS = Path.of("mutants");
    private static final int MINUTES_MAX = 5;

    @TempDir
    private Path temporary = Path.of("");

    static List<Mutant> mutants() throws IOException {
        return Mutant.all(MUTANTS);
    }

    @BeforeAll
    static void withoutABugEverythingIsGreen(@TempDir Path directory) throws IOException, InterruptedException {
        Outcome outcome = run(System.getProperty("java.class.path"), directory);

        assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(SuiteMain.GREEN);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void theBugIsFound(Mutant mutant) throws IOException, InterruptedException {
        MutatedEngine engine = MutatedEngine.of(mutant, temporary);

        Outcome outcome = run(engine.classPath(), temporary);

        System.out.println(mutant.name() + ": " + outcome.lastLine());
        assertThat(outcome.exitCode())
                .as("%s: %s\n%s", mutant.name(), mutant.description(), outcome.output())
                .isEqualTo(SuiteMain.RED);
    }

    private record Outcome(int exitCode, String output) {

        String lastLine() {
            return output.lines().reduce("", (_, line) -> line);
        }
    }

    /// A bug that lets the tests hang is found, too.
    private static Outcome run(String classPath, Path directory) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-cp", classPath, SuiteMain.class.getName()));
        command.addAll(List.of("io.millrace.partition", "io.millrace.simulation", "io.millrace.store"));
        Process suite = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!suite.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                return new Outcome(SuiteMain.RED, "did not end within " + MINUTES_MAX + " minutes");
            }
            return new Outcome(suite.exitValue(), Files.readString(output));
        } finally {
            suite.destroyForcibly();
        }
    }
}
