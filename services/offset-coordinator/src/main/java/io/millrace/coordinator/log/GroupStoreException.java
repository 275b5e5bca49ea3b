package io.millrace.coordinator.log;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The coordinator's store could not be read, could not be written, or holds something that it must not hold.
public final class GroupStoreException extends IOException {

    /// Far beyond any healthy disk; a wait that takes longer is reported as a failure instead of lasting for ever.
    private static final long DEADLINE_SECONDS = 30;

    GroupStoreException(String message) {
        super(message);
    }

    GroupStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Waits on a background thread for a step of the store.
    static <T> T await(CompletableFuture<T> step, String what) throws GroupStoreException {
        try {
            return step.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GroupStoreException(what + ": interrupted", e);
        } catch (ExecutionException e) {
            throw new GroupStoreException(what + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new GroupStoreException(what + ": no answer within " + DEADLINE_SECONDS + " s", e);
        }
    }
}
