package io.millrace.coordinator;

import io.millrace.coordinator.kafka.CoordinatorSettings;
import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.slots.SlotLogOptions;
import io.millrace.kafka.listener.ListenerOptions;
import io.millrace.runtime.ListenerBounds;
import io.millrace.runtime.RuntimeSettings;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.time.Duration;

/// The configuration of offset-coordinator, checked at start.
///
/// Threads: immutable.
///
/// @param store where this service keeps its files: a directory of its own in the data directory
record CoordinatorOptions(
        GroupLogStore.Settings store,
        int ordinal,
        CoordinatorSettings coordinator,
        GroupLogOptions log,
        int loadThreads,
        ListenerOptions listener,
        Duration drain) {

    private static final String DIRECTORY_NAME = "offset-coordinator";
    private static final String LISTENER_NAME = "kafka";
    private static final int EVENT_LOOPS_MAX = 4;
    private static final int SHARDS_MAX = 1024;

    /// The checked form of what the operator wrote.
    ///
    /// @throws IllegalArgumentException whose message names the property and says what would fit
    static CoordinatorOptions of(CoordinatorConfig config, ListenerBounds bounds, RuntimeSettings runtime) {
        Path data = runtime.dataDirectory()
                .orElseThrow(() -> new IllegalArgumentException("millrace.data.directory is not set."
                        + " offset-coordinator keeps groups and offsets there and has no default for it,"
                        + " so that no data lands in a place nobody chose."));
        check(
                config.shards() >= 1 && config.shards() <= SHARDS_MAX,
                "millrace.offset-coordinator.shards must be between 1 and " + SHARDS_MAX + ".");
        check(config.eventThreads() >= 1, "millrace.offset-coordinator.event-threads must be at least 1.");
        check(config.backgroundThreads() >= 1, "millrace.offset-coordinator.background-threads must be at least 1.");
        check(config.loadThreads() >= 1, "millrace.offset-coordinator.load-threads must be at least 1.");
        CoordinatorConfig.Log log = config.log();
        return new CoordinatorOptions(
                store(data, config),
                runtime.node().ordinal(),
                new CoordinatorSettings(
                        runtime.node().kind().nodeId(runtime.node().ordinal()),
                        config.shards(),
                        config.group().internalTopicsMax(),
                        KafkaProperties.of(config)),
                new GroupLogOptions(
                        log.inFlightSizeMax().asLongValue(),
                        log.foldAfterBatches(),
                        log.foldAfterSize().asLongValue(),
                        log.tailBatchesMax(),
                        log.tailSizeMax().asLongValue(),
                        log.putTimeout(),
                        log.stepTimeout()),
                config.loadThreads(),
                listener(bounds, runtime),
                runtime.drain());
    }

    private static GroupLogStore.Settings store(Path data, CoordinatorConfig config) {
        CoordinatorConfig.Files files = config.files();
        return new GroupLogStore.Settings(
                data.resolve(DIRECTORY_NAME),
                config.shards(),
                new SlotLogOptions(
                        size("offset-coordinator.files.segment-size", files.segmentSize()),
                        size("offset-coordinator.files.round-size-max", files.roundSizeMax()),
                        files.spareSpaceMin().asLongValue()),
                config.allowVolatileMemory() ? VolatileMemory.ALLOW : VolatileMemory.REFUSE,
                config.log().stepTimeout());
    }

    private static ListenerOptions listener(ListenerBounds bounds, RuntimeSettings runtime) {
        RuntimeSettings.Address address = runtime.listener()
                .orElseThrow(() -> new IllegalArgumentException("millrace.listener.port is not set."));
        return new ListenerOptions(
                LISTENER_NAME,
                address.host(),
                address.port(),
                size("listener.produce-size-max", bounds.produceSizeMax()),
                size("listener.request-size-max", bounds.requestSizeMax()),
                bounds.requestsInFlightMax(),
                bounds.connectionInFlightMax().asLongValue(),
                bounds.inFlightMax().asLongValue(),
                bounds.connectionsMax(),
                bounds.connectionsPerAddressMax(),
                bounds.frameTimeout(),
                bounds.idleTimeout(),
                bounds.eventLoops().orElse(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, EVENT_LOOPS_MAX)));
    }

    private static int size(String property, MemorySize size) {
        long bytes = size.asLongValue();
        check(bytes >= 1 && bytes <= 1 << 30, "millrace." + property + " must be between 1 byte and 1 GiB.");
        return (int) bytes;
    }

    private static void check(boolean isLegal, String rule) {
        if (!isLegal) {
            throw new IllegalArgumentException(rule);
        }
    }
}
