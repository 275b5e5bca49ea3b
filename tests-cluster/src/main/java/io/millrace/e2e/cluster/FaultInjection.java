package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// Makes the system calls of a running service fail from now on, by way of strace.
///
/// Threads: one. Errors: strace must be installed (Debian: strace) and allowed to attach.
public final class FaultInjection implements AutoCloseable {
    private final Process strace;
    private final Path log;

    private FaultInjection(Process strace, Path log) {
        this.strace = strace;
        this.log = log;
    }

    /// Each named system call ends with the error, for example `fdatasync,fsync` with `EIO`.
    public static FaultInjection failing(ServiceProcess service, String calls, String error) {
        return injecting(service, calls, "error=" + error);
    }

    /// Each named system call takes longer by this.
    public static FaultInjection delaying(ServiceProcess service, String calls, Duration delay) {
        return injecting(service, calls, "delay_enter=" + TimeUnit.NANOSECONDS.toMicros(delay.toNanos()));
    }

    private static FaultInjection injecting(ServiceProcess service, String calls, String fault) {
        Path log = service.log().resolveSibling("strace-" + service.pid() + ".log");
        List<String> command = List.of(
                "strace",
                "-f",
                "-p",
                Long.toString(service.pid()),
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":" + fault);
        try {
            Process strace = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            FaultInjection injection = new FaultInjection(strace, log);
            injection.awaitAttached();
            return injection;
        } catch (IOException failed) {
            throw new UncheckedIOException("strace must be installed", failed);
        }
    }

    /// Whether a call was made to fail, or to wait.
    public boolean hasStruck() {
        String calls = read();
        return calls.contains("(INJECTED)") || calls.contains("(DELAYED)");
    }

    @Override
    public void close() {
        strace.destroy();
        try {
            if (!strace.waitFor(10, TimeUnit.SECONDS)) {
                strace.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private void awaitAttached() {
        Awaitility.await("strace is attached")
                .atMost(Duration.ofSeconds(20))
                .failFast(() -> {
                    if (!strace.isAlive()) {
                        throw new AssertionError("strace ended: " + read());
                    }
                })
                .until(() -> read().contains("attached"));
    }

    private String read() {
        try {
            return Files.readString(log);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + log, failed);
        }
    }
}
