package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// Makes the system calls of a running service fail, or take long, from now on, by way of strace.
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
        return failing(service, calls, error, List.of());
    }

    /// The same, but only calls on these files; all if none is named.
    public static FaultInjection failing(ServiceProcess service, String calls, String error, List<Path> files) {
        return injecting(service, calls, "error=" + error, files);
    }

    /// Each named system call takes so much longer.
    public static FaultInjection delaying(ServiceProcess service, String calls, Duration delay) {
        return delaying(service, calls, delay, List.of());
    }

    /// The same, but only calls on these files; all if none is named.
    public static FaultInjection delaying(ServiceProcess service, String calls, Duration delay, List<Path> files) {
        return injecting(service, calls, "delay_enter=" + TimeUnit.NANOSECONDS.toMicros(delay.toNanos()), files);
    }

    private static FaultInjection injecting(ServiceProcess service, String calls, String fault, List<Path> files) {
        Path log = service.log().resolveSibling("strace-" + service.pid() + ".log");
        List<String> command = new ArrayList<>(List.of("strace", "-f"));
        files.forEach(file -> command.addAll(List.of("-P", file.toString())));
        command.addAll(List.of("-e", "trace=" + calls));
        command.addAll(List.of("-e", "inject=" + calls + ":" + fault));
        command.addAll(List.of("-p", Long.toString(service.pid())));
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
