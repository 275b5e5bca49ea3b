package io.millrace.e2e.client;

import java.util.concurrent.CompletableFuture;

/// One step again and again on a thread of its own, until it is stopped.
///
/// Threads: any may stop it. Errors: `stop` throws what ended the steps before.
public final class Background implements AutoCloseable {
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean isStopping;

    private Background() {}

    public static Background repeat(String name, Runnable step) {
        Background background = new Background();
        Thread thread = new Thread(() -> background.run(step), name);
        thread.setDaemon(true);
        thread.start();
        return background;
    }

    @Override
    public void close() {
        stop();
    }

    /// Throws what ended the steps, if something did.
    public void failIfEnded() {
        if (end.isCompletedExceptionally()) {
            end.join();
        }
    }

    /// Returns when the last step has ended.
    public void stop() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the steps is reported by stop()
    private void run(Runnable step) {
        try {
            while (!isStopping) {
                step.run();
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }
}
