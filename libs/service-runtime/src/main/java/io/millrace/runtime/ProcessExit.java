package io.millrace.runtime;

import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// Ends the process when going on would risk data: first in order, and if that takes too long, at once.
///
/// Threads: any; the first call counts.
public final class ProcessExit {

    /// Why the process ends, as its exit code tells supervisors. Source: sysexits.h.
    public enum Reason {
        /// The configuration or the data directory cannot be used as it is.
        CANNOT_START(78),
        /// A log was poisoned, or a broken invariant stopped its owner.
        LOG_FAILED(74);

        private final int code;

        Reason(int code) {
            this.code = code;
        }
    }

    private static final Logger LOG = Logger.getLogger(ProcessExit.class);

    private final AtomicBoolean isEnding = new AtomicBoolean();
    private final Duration patience;

    /// @param patience for an end in order
    public ProcessExit(Duration patience) {
        this.patience = patience;
    }

    public void exit(Reason reason, String message, Throwable cause) {
        if (!isEnding.compareAndSet(false, true)) {
            return;
        }
        // The sentence first and alone: it is what an operator reads in the last lines of a dead pod's log.
        LOG.fatal(message);
        LOG.debug("cause", cause);
        CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> Runtime.getRuntime().halt(reason.code));
        Quarkus.asyncExit(reason.code);
    }
}
