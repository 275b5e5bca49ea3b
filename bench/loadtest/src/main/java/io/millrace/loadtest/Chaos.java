package io.millrace.loadtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Kills a random service with SIGKILL again and again, and starts it.
///
/// Threads: run by one.
final class Chaos implements Runnable {
    private static final List<String> SERVICES = List.of("ingest", "fetch", "offset-coordinator", "wal-store");

    private final List<String> launcher;
    private final Duration every;
    private final Random random;
    private final Timeline timeline;
    private final BooleanSupplier isOver;

    Chaos(Options options, Duration every, Timeline timeline, BooleanSupplier isOver) {
        this.launcher = options.launcher();
        this.every = every;
        this.random = new Random(options.seed());
        this.timeline = timeline;
        this.isOver = isOver;
    }

    @Override
    public void run() {
        long next = System.nanoTime() + every.toNanos();
        while (!isOver.getAsBoolean()) {
            try {
                TimeUnit.MILLISECONDS.sleep(100);
                if (System.nanoTime() > next) {
                    String service = SERVICES.get(random.nextInt(SERVICES.size()));
                    timeline.mark("kill -9 " + service);
                    call("kill", service);
                    call("up", service);
                    next += every.toNanos();
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void call(String verb, String service) throws InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.add(verb);
        command.add(service);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + status);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
