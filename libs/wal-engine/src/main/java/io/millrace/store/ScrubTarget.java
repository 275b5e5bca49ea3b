package io.millrace.store;

import io.millrace.wal.WriteAheadLog.SegmentExtent;

/// A file that a scrub looks at.
///
/// Threads: immutable.
sealed interface ScrubTarget {

    String fileName();

    /// What of it is looked at if all is.
    long bytes();

    /// One that is replaced as a whole.
    record Small(String fileName, Damage.Kind kind) implements ScrubTarget {

        @Override
        public long bytes() {
            return 0;
        }
    }

    /// A sealed file.
    record Sealed(String fileName, long number, long bytes) implements ScrubTarget {}

    /// A segment, up to where the log had come.
    record Segment(SegmentExtent extent) implements ScrubTarget {

        @Override
        public String fileName() {
            return extent.fileName();
        }

        @Override
        public long bytes() {
            return extent.endPosition() - extent.basePosition();
        }
    }
}
