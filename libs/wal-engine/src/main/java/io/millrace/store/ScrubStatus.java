package io.millrace.store;

import java.util.List;
import java.util.Optional;

/// How far the last [Scrub] is, and what it found.
///
/// Threads: immutable, taken at one moment. Units: milliseconds by the clock, bytes.
///
/// @param every it looks at one of so many pieces, 1 for all
/// @param endedMillis -1 while it runs
/// @param bytesTotal what it will have read, roughly
/// @param damageCount the damaged places that it found, also those that are not told
/// @param damages those that are told, without the ones whose file is gone since
/// @param failure why it ended early
public record ScrubStatus(
        State state,
        long every,
        long beganMillis,
        long endedMillis,
        int filesDone,
        int filesTotal,
        long bytesDone,
        long bytesTotal,
        int damageCount,
        List<Damage> damages,
        Optional<String> failure) {

    /// What became of it.
    public enum State {
        /// None was begun since the start.
        NONE,
        RUNNING,
        FINISHED,
        CANCELLED,
        /// It could not go on.
        FAILED
    }

    public ScrubStatus {
        damages = List.copyOf(damages);
    }

    static ScrubStatus none() {
        return new ScrubStatus(State.NONE, 1, -1, -1, 0, 0, 0, 0, 0, List.of(), Optional.empty());
    }
}
