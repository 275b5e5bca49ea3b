package io.millrace.e2e.client;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for a client's future within the deadline that every client call of the tests has.
public final class Await {
    private static final int SECONDS = 120;

    private Await() {}

    /// The value; an assertion error that names the client's own exception otherwise.
    public static <T> T value(Future<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("the call failed: " + failed.getCause(), failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("no answer within " + SECONDS + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /// The exception that the call must end with.
    public static Throwable failure(Future<?> future) {
        try {
            Object value = future.get(SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("the call should have failed and answered " + value);
        } catch (ExecutionException failed) {
            return java.util.Objects.requireNonNull(failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError("no answer within " + SECONDS + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
