package io.millrace.walstore;

import io.millrace.model.PartitionId;
import io.millrace.model.SizesOutcome;
import io.millrace.store.LogStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// How much is kept of partitions, and how much room there is.
///
/// Threads: the read threads; asks the file system. Units: bytes.
record StoreSizes(Path directory) {

    SizesOutcome of(LogStore store, List<PartitionId> partitionIds) {
        try {
            DataDevice device = DataDevice.of(directory);
            return new SizesOutcome.Sizes(
                    directory.toAbsolutePath().toString(),
                    device.totalBytes(),
                    device.usableBytes(),
                    partitionIds.stream()
                            .map(id -> store.sizeInBytes(id).orElse(-1))
                            .toList());
        } catch (IOException failed) {
            return new SizesOutcome.Unknown("the volume of " + directory + " cannot be asked: " + failed.getMessage());
        }
    }
}
