package io.millrace.model;

/// Asks for the batches of one partition from an offset on.
///
/// Units: offset in records, limit in bytes. The first batch is answered whole even when it is larger than the limit.
///
/// Source: KIP-74.
public record ReadRequest(PartitionId partitionId, long fromOffset, int maxBytes) {

    public ReadRequest {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes is negative: " + maxBytes);
        }
    }
}
