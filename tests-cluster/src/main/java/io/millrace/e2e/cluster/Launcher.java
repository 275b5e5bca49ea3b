package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `./millrace` as a user runs it.
///
/// Threads: immutable.
///
/// @param data the data directory
/// @param temporary where its output goes
public record Launcher(Path data, Path temporary) {
    private static final Duration LENGTH_MAX = Duration.ofMinutes(2);

    /// What a command said, and how it ended.
    public record Output(int exitCode, List<String> lines, String complaints) {}

    /// Runs one command on the data directory, to its end.
    public Output run(String... arguments) {
        return run(LENGTH_MAX, arguments);
    }

    /// The same with a command that may take longer.
    public Output run(Duration lengthMax, String... arguments) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(Checkout.path("millrace").toString(), "--data", data.toString()));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(temporary, "launcher", ".out");
            Path complaints = Files.createTempFile(temporary, "launcher", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(complaints.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            // Recording them is a part of the build of the tests, or left out.
            builder.environment().put("MILLRACE_AOT", "recorded");
            Process launcher = builder.start();
            if (!launcher.waitFor(lengthMax.toSeconds(), TimeUnit.SECONDS)) {
                launcher.destroyForcibly();
                throw new AssertionError(command + " did not end\n" + Files.readString(complaints));
            }
            return new Output(
                    launcher.exitValue(),
                    Files.readAllLines(output, StandardCharsets.UTF_8),
                    Files.readString(complaints));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + command, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", interrupted);
        }
    }
}
