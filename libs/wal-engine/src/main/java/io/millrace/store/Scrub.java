package io.millrace.store;

import io.millrace.store.ScrubPass.Extent;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Compares what lies on the disk with its checksums, in the background: footers of sealed files always, batches and
/// segments all or a sample of them. It changes nothing.
///
/// It reads past what memory has of the files, so it sees what the disk kept. What others delete while it runs is no
/// damage.
///
/// Threads: one alternates [#await] and [#step]; any begins, cancels and asks.
public final class Scrub {

    private final ScrubbedFiles files;
    private final ScrubOptions options;
    private final Surroundings surroundings;
    private final Throttle throttle;
    private final Bell bell = new Bell();
    /// Held to begin, so that only one pass runs.
    private final ReentrantLock beginning = new ReentrantLock();

    /// The one that runs, or ran last. Written under `beginning`.
    private volatile @Nullable ScrubPass pass;

    /// How many were begun. Guarded by `beginning`.
    private long begunCount;

    /// @param firstTurn of the samples, so that each start looks at other pieces
    record Surroundings(Clock clock, NanoClock nanoClock, WalEvents events, long firstTurn) {}

    Scrub(ScrubbedFiles files, ScrubOptions options, Surroundings surroundings) {
        this.files = files;
        this.options = options;
        this.surroundings = surroundings;
        this.throttle = new Throttle(
                options.bytesPerSecondMax(), surroundings.nanoClock().nanos());
    }

    /// Looks at everything.
    ///
    /// @return false if one runs already
    public boolean begin() throws IOException {
        return begin(Long.MAX_VALUE);
    }

    /// Looks at all footers, and at a sample of everything else. The next sample is another one, so that in the end all
    /// was looked at.
    ///
    /// @param bytesMax how large the sample is, roughly
    /// @return false if one runs already
    public boolean begin(long bytesMax) throws IOException {
        beginning.lock();
        try {
            if (isRunning()) {
                return false;
            }
            List<ScrubTarget> targets = files.all();
            Extent extent = Extent.sample(targets, bytesMax, surroundings.firstTurn() + begunCount);
            begunCount++;
            pass = new ScrubPass(
                    files,
                    targets,
                    extent,
                    new ScrubPass.Telling(
                            options.damagesMax(), surroundings.clock(), surroundings.events()::damageFound));
        } finally {
            beginning.unlock();
        }
        bell.ring();
        return true;
    }

    private boolean isRunning() {
        ScrubPass current = pass;
        return current != null && !current.isEnded();
    }

    /// Lets the one that runs end; what it found stays.
    public void cancel() {
        ScrubPass current = pass;
        if (current != null) {
            current.cancel();
            bell.ring();
        }
    }

    /// Looks at a piece, unless it is too early for one.
    public void step() {
        ScrubPass current = pass;
        if (current == null || !isDue()) {
            return;
        }
        NanoClock clock = surroundings.nanoClock();
        long began = clock.nanos();
        throttle.spend(current.step(), began, clock.nanos(), Throttle.RESTS);
        if (current.isEnded()) {
            surroundings.events().scrubEnded(current.status());
        }
    }

    private boolean isDue() {
        ScrubPass current = pass;
        return current != null && !current.isEnded() && (current.isCancelled() || waitNanos() == 0);
    }

    private long waitNanos() {
        return throttle.waitNanos(surroundings.nanoClock().nanos());
    }

    /// Parks the thread that scrubs until there is a piece to look at.
    public void await(Duration atMost) throws InterruptedException {
        long nanosMax = isRunning() ? Math.min(atMost.toNanos(), waitNanos()) : atMost.toNanos();
        boolean _ = bell.await(this::isDue, Duration.ofNanos(nanosMax));
    }

    public ScrubStatus status() {
        ScrubPass current = pass;
        return current == null ? ScrubStatus.none() : current.status();
    }

    /// Called when the thread that scrubs has ended.
    void close() throws IOException {
        ScrubPass current = pass;
        if (current != null) {
            current.close();
        }
    }
}
