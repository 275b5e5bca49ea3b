package io.millrace.walstore;

import io.millrace.runtime.RuntimeSettings;
import io.millrace.sealed.SealOptions;
import io.millrace.store.ScrubOptions;
import io.millrace.store.WalOptions;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.time.Duration;

/// The configuration of wal-store, checked at start.
///
/// Threads: immutable.
///
/// @param directory where this service keeps its files; a directory of its own in the data directory
/// @param scrubAtStartBytes how much is looked at after each start, 0 for nothing
/// @param drain how long what was accepted may take once the service was told to stop
record WalStoreSettings(
        Path directory,
        int ordinal,
        WalOptions options,
        VolatileMemory volatileMemory,
        int readThreads,
        int readQueueMax,
        long scrubAtStartBytes,
        Duration stallMax,
        Duration drain) {

    private static final String DIRECTORY_NAME = "wal-store";

    /// @throws IllegalArgumentException whose message names the property and says what would fit
    static WalStoreSettings of(WalStoreConfig config, RuntimeSettings runtime) {
        Path data = runtime.dataDirectory()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "millrace.data.directory is not set. wal-store keeps the"
                                        + " log there and has no default for it, so that no data lands in a place nobody chose."));
        check(config.readThreads() >= 1, "millrace.wal-store.read-threads must be at least 1.");
        check(config.readQueueMax() >= 1, "millrace.wal-store.read-queue-max must be at least 1.");
        check(config.stallMax().isPositive(), "millrace.wal-store.stall-max must be longer than zero.");
        return new WalStoreSettings(
                data.resolve(DIRECTORY_NAME),
                runtime.node().ordinal(),
                options(config),
                config.allowVolatileMemory() ? VolatileMemory.ALLOW : VolatileMemory.REFUSE,
                config.readThreads(),
                config.readQueueMax(),
                config.scrubAtStart().asLongValue(),
                config.stallMax(),
                runtime.drain());
    }

    private static WalOptions options(WalStoreConfig config) {
        try {
            return new WalOptions(
                    size("segment-size", config.segmentSize()),
                    config.recycledSegmentsMax(),
                    size("round-size-max", config.roundSizeMax()),
                    size("batch-size-max", config.batchSizeMax()),
                    config.queueSizeMax().asLongValue(),
                    config.queueCountMax(),
                    size("read-size-max", config.readSizeMax()),
                    config.partitionCountMax(),
                    config.configuredResourcesMax(),
                    config.defaultPartitionCount(),
                    config.acceptedReplicationFactorMax(),
                    config.spareSpaceMin().asLongValue(),
                    config.producerExpiry(),
                    config.retentionCheckInterval(),
                    config.checkpointAfter().asLongValue(),
                    config.checkpointSliceMax(),
                    sealing(config),
                    config.compactionMapSize().asLongValue(),
                    new ScrubOptions(config.scrubRateMax().asLongValue(), config.scrubDamagesMax()));
        } catch (IllegalArgumentException rule) {
            throw new IllegalArgumentException("millrace.wal-store does not fit: " + rule.getMessage(), rule);
        }
    }

    private static SealOptions sealing(WalStoreConfig config) {
        SealOptions defaults = SealOptions.defaults();
        return new SealOptions(
                config.sealSegmentsMin(),
                Math.max(config.sealSegmentsMin(), defaults.segmentCountMax()),
                config.sealOwnFileMin().asLongValue(),
                defaults.packedFileBytesMax(),
                defaults.stretchBytes(),
                defaults.runEntriesMax(),
                config.sealJoinRunsMin(),
                config.sealRateMax().asLongValue(),
                config.sealIndexCache().asLongValue());
    }

    private static int size(String property, MemorySize size) {
        long bytes = size.asLongValue();
        check(bytes >= 1 && bytes <= 1 << 30, "millrace.wal-store." + property + " must be between 1 byte and 1 GiB.");
        return (int) bytes;
    }

    private static void check(boolean isLegal, String rule) {
        if (!isLegal) {
            throw new IllegalArgumentException(rule);
        }
    }
}
