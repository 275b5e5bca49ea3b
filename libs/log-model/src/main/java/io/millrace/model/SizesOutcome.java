package io.millrace.model;

import java.util.List;

/// How much is kept where.
///
/// Threads: immutable. Units: bytes.
public sealed interface SizesOutcome {

    /// The answer.
    ///
    /// @param directory where the owner keeps its log
    /// @param totalBytes of the directory's volume
    /// @param usableBytes of them that can still be written
    /// @param partitionBytes one for each partition asked for, -1 for one that does not exist
    record Sizes(String directory, long totalBytes, long usableBytes, List<Long> partitionBytes)
            implements SizesOutcome {
        public Sizes {
            partitionBytes = List.copyOf(partitionBytes);
        }
    }

    /// The store did not answer; asking again is safe.
    record Unknown(String message) implements SizesOutcome {}
}
