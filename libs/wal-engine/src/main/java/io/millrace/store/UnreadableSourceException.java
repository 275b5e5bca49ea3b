package io.millrace.store;

import io.millrace.model.PartitionId;
import java.io.IOException;

/// What a pass wanted to copy cannot be read; what it writes is well.
final class UnreadableSourceException extends IOException {

    /// Where batches are copied from.
    enum Place {
        SEGMENT,
        SEALED_FILE
    }

    private final Place place;
    private final PartitionId partitionId;
    private final long lastOffset;

    /// @param lastOffset when everything up to it is deleted, nobody copies it any more
    UnreadableSourceException(Place place, PartitionId partitionId, long lastOffset, IOException cause) {
        super(cause.getMessage(), cause);
        this.place = place;
        this.partitionId = partitionId;
        this.lastOffset = lastOffset;
    }

    Place place() {
        return place;
    }

    PartitionId partitionId() {
        return partitionId;
    }

    long lastOffset() {
        return lastOffset;
    }
}
