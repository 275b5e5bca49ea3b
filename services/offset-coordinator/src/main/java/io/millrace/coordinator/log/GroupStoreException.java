package io.millrace.coordinator.log;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The coordinator's store could not be read, could not be written, or holds something that it must not hold.
public final class GroupStoreException extends IOException {

    GroupStoreException(String message) {
        super(message);
    }

    GroupStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Waits on a background thread for a step of the store; one that takes too long is reported as a failure instead
    /// of lasting for ever.
    static <T> T await(CompletableFuture<T> step, Duration atMost, String what) throws GroupStoreException {
        try {
            return step.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GroupStoreException(what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw new GroupStoreException(what + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new GroupStoreException(what + ": no answer within " + atMost, e);
        }
    }
}
