package io.millrace.model;

import java.util.List;

/// What one partition had from an offset on.
///
/// Threads: immutable.
public sealed interface ReadOutcome {

    /// Batches in order, the first of which covers the offset asked for unless it was compacted away; empty only if
    /// there is nothing at or after that offset.
    record Batches(List<RecordBatch> batches, Watermarks watermarks) implements ReadOutcome {
        public Batches {
            batches = List.copyOf(batches);
        }

        public int sizeInBytes() {
            int size = 0;
            for (RecordBatch batch : batches) {
                size += batch.sizeInBytes();
            }
            return size;
        }
    }

    /// The offset lies before the log's start or after its end.
    record OutOfRange(Watermarks watermarks) implements ReadOutcome {}

    /// The partition is not here, or its bytes cannot be read.
    record Refused(Refusal refusal, String message) implements ReadOutcome {}

    /// The store did not answer; asking again is safe.
    record Unknown(String message) implements ReadOutcome {}
}
