package io.millrace.ingest;

import io.millrace.ingest.kafka.BatchValidator;
import io.millrace.kafka.fetch.FetchSettings;
import io.millrace.kafka.listener.ListenerOptions;
import io.millrace.runtime.ListenerBounds;
import io.millrace.runtime.RuntimeSettings;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;

/// The configuration of ingest, checked at start.
///
/// Threads: immutable.
record IngestSettings(
        ListenerOptions listener,
        BatchValidator.Options validation,
        int validationThreads,
        Topics topics,
        FetchSettings fetch,
        Duration fetchNodeWait,
        Redirects redirects,
        Rest rest,
        Duration drain) {

    private static final int EVENT_LOOPS_MAX = 4;

    /// What clients may cause and for how long they wait.
    record Topics(boolean createAutomatically, int producerIdBlockSize, Duration firstCatalogWait) {}

    /// Which readers are remembered as sent to a fetch node, and how long.
    record Redirects(Duration window, int readersMax) {}

    /// Bounds of REST requests that bring records.
    record Rest(int requestsMax, int recordsMax) {}

    /// The settings that this configuration asks for.
    ///
    /// @throws IllegalArgumentException with a sentence for the operator
    static IngestSettings of(IngestConfig config, ListenerBounds bounds, RuntimeSettings runtime) {
        return new IngestSettings(
                listener(bounds, runtime),
                new BatchValidator.Options(
                        config.walkRecords(),
                        size("quick-batch-size", config.quickBatchSize()),
                        config.uncompressedBatchSizeMax().asLongValue()),
                atLeastOne("validation-threads", config.validationThreads()),
                new Topics(
                        config.createTopicsAutomatically(),
                        atLeastOne("producer-id-block-size", config.producerIdBlockSize()),
                        config.firstCatalogWait()),
                fetch(config.fetch()),
                positive("fetch.node-wait", config.fetch().nodeWait()),
                new Redirects(
                        config.fetch().redirectWindow(),
                        atLeastOne(
                                "fetch.redirected-readers-max", config.fetch().redirectedReadersMax())),
                new Rest(
                        atLeastOne("rest-requests-max", config.restRequestsMax()),
                        atLeastOne("rest-records-max", config.restRecordsMax())),
                runtime.drain());
    }

    private static ListenerOptions listener(ListenerBounds bounds, RuntimeSettings runtime) {
        RuntimeSettings.Address address = runtime.listener()
                .orElseThrow(() -> new IllegalArgumentException("millrace.listener.port is not set."));
        return new ListenerOptions(
                "kafka",
                address.host(),
                address.port(),
                size("produce-size-max", bounds.produceSizeMax()),
                size("request-size-max", bounds.requestSizeMax()),
                bounds.requestsInFlightMax(),
                bounds.connectionInFlightMax().asLongValue(),
                bounds.inFlightMax().asLongValue(),
                bounds.connectionsMax(),
                bounds.connectionsPerAddressMax(),
                bounds.frameTimeout(),
                bounds.idleTimeout(),
                bounds.eventLoops().orElse(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, EVENT_LOOPS_MAX)));
    }

    private static FetchSettings fetch(IngestConfig.Fetch config) {
        return new FetchSettings(
                size("fetch.response-size-max", config.responseSizeMax()),
                config.memoryMax().asLongValue(),
                size("fetch.response-size-min", config.responseSizeMin()),
                config.waitMax(),
                config.failurePause(),
                new FetchSettings.Sessions(
                        config.sessionsMax(), config.sessionPartitionsMax(), config.sessionIdleMin()));
    }

    private static int size(String property, MemorySize size) {
        long bytes = size.asLongValue();
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(property + " must be between 1 byte and 2 GiB.");
        }
        return (int) bytes;
    }

    private static Duration positive(String property, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("millrace.ingest." + property + " must be positive.");
        }
        return value;
    }

    private static int atLeastOne(String property, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("millrace.ingest." + property + " must be at least 1.");
        }
        return value;
    }
}
