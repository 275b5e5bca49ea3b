package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One service as a `java` process of our own, started without a shell so that a signal reaches the service itself.
///
/// Threads: one. A process is only ever signalled through the handle that started it.
public final class ServiceProcess {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int ANSWER_MILLIS = 5_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Service service;
    private final URI rest;
    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    /// A process that does not run yet.
    ///
    /// @param rest the base of its HTTP port
    ServiceProcess(Service service, URI rest, List<String> command, Path log) {
        this.service = service;
        this.rest = rest;
        this.command = List.copyOf(command);
        this.log = log;
    }

    public Service service() {
        return service;
    }

    public Path log() {
        return log;
    }

    public long pid() {
        return started().pid();
    }

    public boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    public boolean isReady() {
        return isAlive() && status("/q/health/ready") == 200;
    }

    public Metrics metrics() {
        return new Metrics(rest);
    }

    void start() {
        if (isAlive()) {
            throw new IllegalStateException(service.id() + " runs already, pid " + pid());
        }
        try {
            Files.createDirectories(log.getParent());
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException failed) {
            throw new UncheckedIOException("could not start " + service.id(), failed);
        }
    }

    /// SIGKILL; returns when the process is gone.
    void kill() {
        started().destroyForcibly();
        awaitExit(PATIENCE);
    }

    /// SIGTERM; returns at once.
    void terminate() {
        started().destroy();
    }

    void pause() {
        signal("-STOP");
    }

    void resume() {
        signal("-CONT");
    }

    /// The exit code, once the process has ended.
    public int awaitExit(Duration atMost) {
        try {
            if (!started().waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(service.id() + " did not end within " + atMost + "\n" + logTail(40));
            }
            return started().exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + service.id() + " ended", interrupted);
        }
    }

    public Optional<Integer> exitCode() {
        Process current = process;
        return current == null || current.isAlive() ? Optional.empty() : Optional.of(current.exitValue());
    }

    public String logTail(int lines) {
        try {
            List<String> all = Files.exists(log) ? Files.readAllLines(log) : List.of();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + log, failed);
        }
    }

    /// Resident memory now, in bytes.
    public long residentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the memory of " + service.id(), failed);
        }
        throw new IllegalStateException("no VmRSS for " + service.id());
    }

    /// What it used of the CPU since it began, in user and system mode.
    public Duration cpuTime() {
        return ProcessHandle.of(pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException(service.id() + " does not run"));
    }

    /// One full collection, so that what its heap holds afterwards is in use.
    public void collectGarbage() {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        run(List.of(jcmd, Long.toString(pid()), "GC.run"));
    }

    private int status(String path) {
        // Without a client of its own, of which a thread could stay behind in a test that looks for threads.
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) rest.resolve(path).toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            connection.setRequestProperty("Connection", "close");
            return connection.getResponseCode();
        } catch (ConnectException notYet) {
            return 0;
        } catch (IOException broken) {
            return -1;
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private void signal(String name) {
        run(List.of("kill", name, Long.toString(pid())));
    }

    private void run(List<String> command) {
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException(command + " for " + service.id() + " ended with " + code);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot run " + command, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", interrupted);
        }
    }

    private Process started() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException(service.id() + " was never started");
        }
        return current;
    }
}
