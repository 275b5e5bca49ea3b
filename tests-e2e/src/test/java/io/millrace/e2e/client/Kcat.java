package io.millrace.e2e.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The librdkafka client of the command line.
///
/// Errors: an assertion error with its own words when it fails or is not installed (Debian: kcat).
public record Kcat(String bootstrap, Path directory) {
    private static final int SECONDS = 120;

    /// Produces each line of the file as one record.
    public void produce(String topic, Path lines, String compression) {
        List<String> command = command("-P", "-t", topic, "-z", compression);
        command.addAll(List.of("-X", "acks=all", "-X", "enable.idempotence=true", "-X", "partitioner=random"));
        command.addAll(List.of("-X", "sticky.partitioning.linger.ms=0", "-l", lines.toString()));
        run(command);
    }

    /// All records of the topic, in kcat's own format.
    public List<String> consume(String topic, String format) {
        return run(command("-C", "-t", topic, "-o", "beginning", "-e", "-q", "-f", format));
    }

    public List<String> metadata() {
        return run(command("-L"));
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", bootstrap));
        command.addAll(List.of(arguments));
        return command;
    }

    private List<String> run(List<String> command) {
        try {
            Path output = Files.createTempFile(directory, "kcat", ".out");
            Path complaints = Files.createTempFile(directory, "kcat", ".err");
            Process kcat = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(complaints.toFile())
                    .start();
            kcat.getOutputStream().close();
            if (!kcat.waitFor(SECONDS, TimeUnit.SECONDS)) {
                kcat.destroyForcibly();
                throw new AssertionError(command + " did not end\n" + Files.readString(complaints));
            }
            if (kcat.exitValue() != 0) {
                throw new AssertionError(
                        command + " ended with " + kcat.exitValue() + "\n" + Files.readString(complaints));
            }
            return Files.readAllLines(output, StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException("kcat must be installed", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kcat ran", interrupted);
        }
    }
}
