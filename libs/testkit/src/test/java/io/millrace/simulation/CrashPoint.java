package io.millrace.simulation;

import io.millrace.testkit.SimulatedDisk.Operation;
import java.util.Set;

/// What the log was doing when it crashed, as the files tell that it touched last.
enum CrashPoint {
    /// A round was written or forced.
    ROUND,
    /// The first round of a segment was.
    ROLL,
    /// A segment was filled with zeros and got its name.
    ZEROING,
    CHECKPOINT,
    /// Segments in which nothing lived were deleted.
    FREE,
    CLEAN_END,
    /// Recovery was under way.
    RECOVERY;

    /// @param begun the segments that hold a round already
    static CrashPoint of(Operation operation, String name, Set<String> begun) {
        if (name.startsWith("checkpoint")) {
            return CHECKPOINT;
        }
        if (name.startsWith("clean-end")) {
            return CLEAN_END;
        }
        return switch (operation) {
            case WRITE, FORCE -> name.endsWith(".segment") ? inSegment(name, begun) : ZEROING;
            case RENAME -> ZEROING;
            case DELETE, FORCE_DIRECTORY -> FREE;
        };
    }

    private static CrashPoint inSegment(String name, Set<String> begun) {
        return begun.contains(name) ? ROUND : ROLL;
    }
}
