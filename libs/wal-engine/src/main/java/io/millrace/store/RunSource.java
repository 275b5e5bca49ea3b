package io.millrace.store;

import io.millrace.partition.PartitionLog;
import io.millrace.sealed.SealedFileWriter;
import java.io.IOException;
import java.util.OptionalLong;

/// Where the batches of a new run come from.
///
/// Threads: the upkeep thread. Units: record offsets, bytes.
interface RunSource {

    PartitionLog partition();

    /// About how much there is to copy.
    long bytes();

    /// The first offset of the run; empty if there is nothing, or nothing any more, that should be kept.
    OptionalLong start() throws UnreadableSourceException;

    /// Copies a piece. Batches that end before the log's start stay behind.
    ///
    /// @return how many bytes; 0 when there are no more
    long copy(SealedFileWriter writer, long bytesMax) throws IOException;

    /// The end offset of the run, once all was copied.
    long endOffset();

    /// Lets go what it holds; called once, also when nothing was copied.
    void close() throws IOException;
}
