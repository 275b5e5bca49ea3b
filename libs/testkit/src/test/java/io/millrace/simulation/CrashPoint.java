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
    /// A sealed file was written and got its name.
    SEALING,
    /// A sealed file was written without what compaction removed, and got its name.
    COMPACTION,
    /// A sealed file was written with what was in several runs, and got its name.
    JOINING,
    /// The state and the names of all files were.
    CHECKPOINT,
    /// Segments and sealed files in which nothing lived were deleted.
    FREE,
    /// The file of such a segment lost its name, to become another segment.
    RECYCLE,
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
        if (name.endsWith(".freed")) {
            return RECYCLE;
        }
        return switch (operation) {
            case DELETE, FORCE_DIRECTORY -> FREE;
            case WRITE, FORCE, RENAME -> name.contains(".sealed") ? SEALING : ofSegment(operation, name, begun);
        };
    }

    private static CrashPoint ofSegment(Operation operation, String name, Set<String> begun) {
        if (operation == Operation.RENAME || !name.endsWith(".segment")) {
            return ZEROING;
        }
        return begun.contains(name) ? ROUND : ROLL;
    }
}
