package io.millrace.store;

import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionNews;
import io.millrace.model.PlacedBatch;
import java.util.List;

/// What one round did.
///
/// Threads: immutable. Units: bytes, nanoseconds; the position is one of the WAL.
///
/// @param partitions those whose watermarks moved
/// @param batches that were appended, in order
/// @param catalog changes, in order
/// @param bytes as written, with frames and padding
/// @param batchBytes of the record batches alone
/// @param expiredBytes of the record batches that retention deleted
public record RoundReport(
        long roundSequence,
        long endPosition,
        List<PartitionNews> partitions,
        List<PlacedBatch> batches,
        List<CatalogNews> catalog,
        int commandCount,
        long bytes,
        long batchBytes,
        long expiredBytes,
        long writeNanos,
        long forceNanos) {

    public RoundReport {
        partitions = List.copyOf(partitions);
        batches = List.copyOf(batches);
        catalog = List.copyOf(catalog);
    }
}
