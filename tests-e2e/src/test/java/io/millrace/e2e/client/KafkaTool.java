package io.millrace.e2e.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// A command-line tool of Kafka's own, as a process.
///
/// Threads: one uses it; its output is read on one of its own. It is ended through its handle: `Process.destroy` would
/// close the output before its end is read.
public final class KafkaTool implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;
    private static final String LOGGING = "java.util.logging.config.file";

    private final Process process;
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> outputEnd = new CompletableFuture<>();

    private KafkaTool(Process process) {
        this.process = process;
    }

    /// Starts a main class of kafka-tools.
    public static KafkaTool start(String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        Optional.ofNullable(System.getProperty(LOGGING)).ifPresent(file -> command.add("-D" + LOGGING + "=" + file));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            KafkaTool tool = new KafkaTool(process);
            Thread reader = new Thread(tool::read, mainClass);
            reader.setDaemon(true);
            reader.start();
            return tool;
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start " + mainClass, failed);
        }
    }

    /// Runs it to its end, which must be a good one.
    ///
    /// @return what it printed
    public static List<String> run(String mainClass, List<String> arguments) {
        try (KafkaTool tool = start(mainClass, arguments)) {
            int code = tool.awaitEnd();
            if (code != 0) {
                throw new AssertionError(
                        mainClass + " " + arguments + " ended with " + code + "\n" + String.join("\n", tool.lines()));
            }
            return tool.lines();
        }
    }

    /// What it has printed until now.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /// The end of its own accord.
    ///
    /// @return its exit code
    public int awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + lines());
            }
            Await.value(outputEnd);
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// SIGKILL.
    public void kill() {
        process.toHandle().destroyForcibly();
        int _ = awaitEnd();
    }

    /// SIGTERM, upon which tools end in order.
    public void terminate() {
        process.toHandle().destroy();
        int _ = awaitEnd();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
            outputEnd.complete(null);
        } catch (IOException failed) {
            outputEnd.completeExceptionally(failed);
        }
    }
}
