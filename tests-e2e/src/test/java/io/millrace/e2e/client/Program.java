package io.millrace.e2e.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/// A program that others wrote, as a process.
///
/// Threads: one uses it; its output is read on two of their own.
public final class Program implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;
    private static final int LINES_SHOWN = 40;

    private final Process process;
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> outputEnd;
    private final CompletableFuture<Void> complaintsEnd;

    private Program(Process process) {
        this.process = process;
        // Two readers, so that no line of the one is in the middle of a line of the other.
        this.outputEnd = read(process.inputReader(StandardCharsets.UTF_8));
        this.complaintsEnd = read(process.errorReader(StandardCharsets.UTF_8));
    }

    /// Starts it without a shell, so that a signal reaches the program itself.
    ///
    /// @param builder the command and where it runs
    public static Program start(ProcessBuilder builder) {
        String name = builder.command().getFirst();
        try {
            Process process = builder.start();
            // A test run that is itself ended from outside must not leave programs behind.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end of " + name));
            return new Program(process);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot start " + name + "; is it installed?", failed);
        }
    }

    /// Runs it to its end, which must be a good one.
    ///
    /// @return what it printed
    public static List<String> run(ProcessBuilder builder) {
        try (Program program = start(builder)) {
            program.endInput();
            program.awaitGoodEnd();
            return program.lines();
        }
    }

    /// What it has printed until now.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /// Lines for it to read, as many as fit into a pipe.
    public void say(List<String> input) {
        try {
            Writer writer = process.outputWriter(StandardCharsets.UTF_8);
            for (String line : input) {
                writer.write(line + "\n");
            }
            writer.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException("it reads no more: " + lastLines(), failed);
        }
    }

    public void endInput() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
        } catch (IOException failed) {
            throw new UncheckedIOException("it reads no more: " + lastLines(), failed);
        }
    }

    /// Waits until what it has printed is as wanted; it must not end before.
    ///
    /// @param what is waited for, in words
    public void awaitOutput(String what, Duration atMost, Predicate<List<String>> wanted) {
        try {
            Awaitility.await(what)
                    .atMost(atMost)
                    .failFast(() -> failIfEnded(what))
                    .until(() -> wanted.test(lines()));
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(what + ": not within " + atMost + "\n" + lastLines(), late);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// The end of its own accord.
    ///
    /// @return its exit code
    public int awaitEnd() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running\n" + lastLines());
            }
            Await.value(CompletableFuture.allOf(outputEnd, complaintsEnd));
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// As `awaitEnd`, and the program says that all went well.
    public void awaitGoodEnd() {
        int code = awaitEnd();
        if (code != 0) {
            throw new AssertionError(
                    process.info().commandLine().orElse("the program") + " ended with " + code + "\n" + lastLines());
        }
    }

    /// SIGKILL. It is ended through its handle: `Process.destroy` would close the output before its end is read.
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

    private void failIfEnded(String what) {
        if (!process.isAlive()) {
            throw new AssertionError(what + ": it ended\n" + lastLines());
        }
    }

    private String lastLines() {
        List<String> all = lines();
        return String.join("\n", all.subList(Math.max(0, all.size() - LINES_SHOWN), all.size()));
    }

    private CompletableFuture<Void> read(BufferedReader output) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(output, end), "output of " + process.pid());
        reader.setDaemon(true);
        reader.start();
        return end;
    }

    private void read(BufferedReader output, CompletableFuture<Void> end) {
        try (output) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException failed) {
            // A killed process closes its output in the middle.
            lines.add(failed.toString());
        } finally {
            end.complete(null);
        }
    }
}
