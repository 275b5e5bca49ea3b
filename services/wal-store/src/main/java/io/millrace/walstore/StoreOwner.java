package io.millrace.walstore;

import io.millrace.runtime.ProcessExit;
import io.millrace.runtime.ProcessExit.Reason;
import io.millrace.store.LogStore;
import io.millrace.store.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The log of this instance and the threads that work for it: one that commits, one for upkeep, one that scrubs.
///
/// A thread that works on the log is never interrupted, since an interrupt closes the file under it; threads end by
/// looking at a flag between two steps.
///
/// Threads: any; [#start], [#refuseWork] and [#stop] once each, from the thread that starts and stops the service.
final class StoreOwner {

    /// Opens the log; given by the composition root, which alone knows clock, dice and disk.
    @FunctionalInterface
    interface Opening {

        LogStore open() throws IOException;
    }

    private static final Logger LOG = Logger.getLogger(StoreOwner.class);
    private static final Duration PARK_MAX = Duration.ofMillis(100);
    private static final Duration UPKEEP_PAUSE = Duration.ofMillis(200);
    private static final Duration SCRUB_PAUSE = Duration.ofMillis(500);

    private final WalStoreSettings settings;
    private final NanoClock clock;
    private final ProcessExit exit;

    // Written by whichever thread brings the change: the commit thread until it serves, then the stopping one.
    private volatile OwnerState state = new OwnerState.Waiting();
    // Written by the commit thread at each step.
    private volatile long steppedAtNanos;
    // Written once, by refuseWork.
    private volatile boolean isStopping;

    private @Nullable Thread commitThread;
    // These are written by the commit thread before it serves, read by stop after that thread ended.
    private volatile @Nullable Thread upkeepThread;
    private volatile @Nullable Thread scrubThread;

    StoreOwner(WalStoreSettings settings, NanoClock clock, ProcessExit exit) {
        this.settings = settings;
        this.clock = clock;
        this.exit = exit;
    }

    /// Begins recovery in the background; `whenServing` runs on the commit thread once reads and writes can be served.
    void start(Opening opening, Runnable whenServing) {
        if (settings.ordinal() > 0) {
            state = new OwnerState.WithoutShard(
                    "wal-store " + settings.ordinal() + " owns no shard: the cluster has one,"
                            + " and wal-store 0 owns it. Scale wal-store back to one instance.");
            LOG.warn(((OwnerState.WithoutShard) state).message());
            return;
        }
        recoveryProgress(0, 0);
        Thread thread = Thread.ofPlatform().name("wal-commit").unstarted(() -> own(opening, whenServing));
        commitThread = thread;
        thread.start();
    }

    OwnerState state() {
        return state;
    }

    /// The log, while it is open.
    Optional<LogStore> store() {
        return switch (state) {
            case OwnerState.Serving serving -> Optional.of(serving.store());
            case OwnerState.Stopping stopping -> Optional.of(stopping.store());
            case OwnerState.Waiting _, OwnerState.WithoutShard _, OwnerState.Recovering _, OwnerState.Stopped _ ->
                Optional.empty();
        };
    }

    /// Called by the engine while it opens the log.
    void recoveryProgress(long bytesDone, long bytesTotal) {
        state = new OwnerState.Recovering(bytesDone, bytesTotal, clock.nanos());
    }

    /// How long ago the thread that must make progress last made some; zero where none must.
    Duration sinceProgress() {
        return switch (state) {
            // Sealed files are opened before the first byte is recovered; with many, on a slow disk, it takes minutes.
            case OwnerState.Recovering recovering when recovering.bytesTotal() == 0 -> Duration.ZERO;
            case OwnerState.Recovering recovering -> Duration.ofNanos(clock.nanos() - recovering.changedAtNanos());
            case OwnerState.Serving _ -> Duration.ofNanos(clock.nanos() - steppedAtNanos);
            case OwnerState.Waiting _, OwnerState.WithoutShard _, OwnerState.Stopping _, OwnerState.Stopped _ ->
                Duration.ZERO;
        };
    }

    /// Accepts nothing more from now on.
    void refuseWork() {
        isStopping = true;
        if (state instanceof OwnerState.Serving serving) {
            state = new OwnerState.Stopping(serving.store());
        }
    }

    /// After [#refuseWork]: finishes what was accepted and marks the end as a clean one, in bounded time.
    void stop() throws InterruptedException {
        long deadline = clock.nanos() + settings.drain().toNanos();
        if (!hasEnded(commitThread, deadline)
                || !hasEnded(upkeepThread, deadline)
                || !hasEnded(scrubThread, deadline)) {
            LOG.errorf(
                    "wal-store could not finish within %s and ends as if killed; recovery will replay the log",
                    settings.drain());
            return;
        }
        store().ifPresent(this::close);
    }

    private boolean hasEnded(@Nullable Thread thread, long deadlineNanos) throws InterruptedException {
        if (thread == null) {
            return true;
        }
        long left = deadlineNanos - clock.nanos();
        return left > 0 ? thread.join(Duration.ofNanos(left)) : !thread.isAlive();
    }

    private void close(LogStore store) {
        try {
            store.close();
            state = new OwnerState.Stopped("The log was closed in order.");
        } catch (IOException e) {
            state = new OwnerState.Stopped("The log could not be closed in order: " + e.getMessage());
            LOG.error("The log could not be closed in order; recovery will replay it", e);
        }
    }

    // The outermost frame of the commit thread: a broken invariant ends the process before it can reach the disk.
    private void own(Opening opening, Runnable whenServing) {
        try {
            LogStore store = opening.open();
            if (isStopping) {
                store.close();
                return;
            }
            steppedAtNanos = clock.nanos();
            upkeepThread = Thread.ofPlatform().name("wal-upkeep").start(() -> upkeep(store));
            scrubThread = Thread.ofPlatform().name("wal-scrub").start(() -> scrub(store));
            state = new OwnerState.Serving(store);
            whenServing.run();
            commit(store);
        } catch (IOException e) {
            fail(Reason.CANNOT_START, "wal-store cannot start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(Reason.LOG_FAILED, "The commit thread was interrupted, which nothing may do", e);
        } catch (RuntimeException | Error e) {
            LOG.fatal("The commit thread stopped at a bug", e);
            fail(Reason.LOG_FAILED, "The commit thread stopped at a bug: " + e, e);
        }
    }

    private void commit(LogStore store) throws InterruptedException {
        while (!isStopping) {
            steppedAtNanos = clock.nanos();
            if (store.commitIfDue() == 0) {
                boolean _ = store.awaitWork(PARK_MAX);
            }
        }
    }

    // The outermost frame of the upkeep thread.
    private void upkeep(LogStore store) {
        try {
            while (!isStopping) {
                store.awaitUpkeep(UPKEEP_PAUSE);
                if (!isStopping) {
                    store.upkeep();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(Reason.LOG_FAILED, "The upkeep thread was interrupted, which nothing may do", e);
        } catch (RuntimeException | Error e) {
            LOG.fatal("The upkeep thread stopped at a bug", e);
            fail(Reason.LOG_FAILED, "The upkeep thread stopped at a bug: " + e, e);
        }
    }

    // The outermost frame of the scrub thread. It is one of its own, since a disk that is dying can keep a read for
    // long.
    private void scrub(LogStore store) {
        try {
            if (settings.scrubAtStartBytes() > 0) {
                boolean _ = store.scrub().begin(settings.scrubAtStartBytes());
            }
            while (!isStopping) {
                store.scrub().await(SCRUB_PAUSE);
                if (!isStopping) {
                    store.scrub().step();
                }
            }
        } catch (IOException e) {
            LOG.error("The directory cannot be listed: nothing is scrubbed before the next start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(Reason.LOG_FAILED, "The scrub thread was interrupted, which nothing may do", e);
        } catch (RuntimeException | Error e) {
            LOG.fatal("The scrub thread stopped at a bug", e);
            fail(Reason.LOG_FAILED, "The scrub thread stopped at a bug: " + e, e);
        }
    }

    private void fail(Reason reason, String message, Throwable cause) {
        state = new OwnerState.Stopped(message);
        exit.exit(reason, message, cause);
    }

    /// Ends the process after the engine gave the log up; nothing is acknowledged any more.
    void poisoned(IOException cause, String where) {
        fail(
                Reason.LOG_FAILED,
                "The log failed at " + where + " (" + cause.getMessage() + "). Nothing was acknowledged after it; the"
                        + " process ends, and the next start recovers what the disk really has.",
                cause);
    }
}
