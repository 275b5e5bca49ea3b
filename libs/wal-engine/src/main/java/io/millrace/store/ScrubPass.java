package io.millrace.store;

import io.millrace.store.ScrubStatus.State;
import io.millrace.wal.CorruptLogException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One look at the files that there were when it began, a bounded piece in each step.
///
/// Threads: one takes steps; any asks and cancels. Units: bytes.
final class ScrubPass {

    /// What opening a file costs.
    private static final long OPEN_BYTES = 4096;

    private final ScrubbedFiles files;
    private final Extent extent;
    private final int damagesMax;
    private final Clock clock;
    private final Consumer<Damage> events;
    private final ArrayDeque<ScrubTarget> rest;
    private final int filesTotal;
    private final long beganMillis;
    private final List<Found> found = new CopyOnWriteArrayList<>();
    private @Nullable FileScrub file;
    private long piece;
    /// Written by whoever cancels.
    private volatile boolean isCancelled;
    /// The following are written by the thread that takes steps.
    private volatile State state = State.RUNNING;

    private volatile long endedMillis = -1;
    private volatile int filesDone;
    private volatile long bytesDone;
    private volatile int damageCount;
    private volatile Optional<String> failure = Optional.empty();

    private record Found(ScrubTarget target, Damage damage) {}

    /// Which pieces it looks at: of `every` ones the one behind `first`.
    record Extent(long bytesTotal, long every, long first) {

        /// About this many bytes.
        ///
        /// @param turn another one looks at other pieces, until all had theirs
        static Extent sample(List<ScrubTarget> targets, long bytesMax, long turn) {
            long bytes = targets.stream().mapToLong(ScrubTarget::bytes).sum();
            long every = Math.max(1, (bytes + bytesMax - 1) / bytesMax);
            return new Extent(bytes / every, every, Math.floorMod(turn, every));
        }
    }

    /// @param damagesMax how many are kept and told
    record Telling(int damagesMax, Clock clock, Consumer<Damage> events) {}

    ScrubPass(ScrubbedFiles files, List<ScrubTarget> targets, Extent extent, Telling telling) {
        this.files = files;
        this.extent = extent;
        this.damagesMax = telling.damagesMax();
        this.clock = telling.clock();
        this.events = telling.events();
        this.rest = new ArrayDeque<>(targets);
        this.filesTotal = targets.size();
        this.beganMillis = clock.millis();
    }

    boolean isEnded() {
        return state != State.RUNNING;
    }

    void cancel() {
        isCancelled = true;
    }

    boolean isCancelled() {
        return isCancelled;
    }

    /// Looks at a piece, or ends.
    ///
    /// @return how many bytes were read
    long step() {
        try {
            if (isCancelled) {
                end(State.CANCELLED);
                return 0;
            }
            long bytes = file == null ? begin(rest.remove()) : file.step();
            bytesDone = bytesDone() + bytes;
            if (file == null || file.isDone()) {
                close();
                filesDone = filesTotal - rest.size();
                if (rest.isEmpty()) {
                    end(State.FINISHED);
                }
            }
            return bytes;
        } catch (IOException e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            state = State.FAILED;
            endedMillis = clock.millis();
            return 0;
        }
    }

    private long begin(ScrubTarget next) {
        try {
            file = files.open(next, this::isInSample, damage -> found(next, damage))
                    .orElse(null);
        } catch (CorruptLogException e) {
            found(next, damage(next, e.filePosition(), e.what()));
        } catch (IOException e) {
            found(next, damage(next, 0, "the file cannot be read: " + e.getMessage()));
        }
        return OPEN_BYTES;
    }

    private boolean isInSample() {
        return piece++ % extent.every() == extent.first();
    }

    private static Damage damage(ScrubTarget target, long filePosition, String what) {
        Damage.Kind kind = target instanceof ScrubTarget.Small small ? small.kind() : Damage.Kind.WHOLE_FILE;
        return new Damage(target.fileName(), filePosition, what, kind, List.of());
    }

    private void found(ScrubTarget target, Damage damage) {
        if (!files.isThere(target)) {
            return;
        }
        damageCount = damageCount() + 1;
        if (found.size() < damagesMax) {
            List<Damage.LostOffsets> affected = damage.affected();
            Damage told = new Damage(
                    damage.fileName(),
                    damage.filePosition(),
                    damage.what(),
                    damage.kind(),
                    affected.subList(0, Math.min(damagesMax, affected.size())));
            found.add(new Found(target, told));
            events.accept(told);
        }
    }

    private void end(State newState) throws IOException {
        close();
        endedMillis = clock.millis();
        state = newState;
    }

    /// Closes the file that it is in.
    void close() throws IOException {
        if (file != null) {
            FileScrub open = file;
            file = null;
            open.close();
        }
    }

    long bytesDone() {
        return bytesDone;
    }

    private int damageCount() {
        return damageCount;
    }

    ScrubStatus status() {
        State seen = state;
        return new ScrubStatus(
                seen,
                extent.every(),
                beganMillis,
                endedMillis,
                filesDone,
                filesTotal,
                bytesDone,
                Math.max(bytesDone, extent.bytesTotal()),
                damageCount,
                found.stream()
                        .filter(each -> files.isThere(each.target()))
                        .map(Found::damage)
                        .toList(),
                failure);
    }
}
