package io.millrace.fetch;

import io.millrace.kafka.fetch.FetchSettings;
import io.millrace.kafka.listener.ListenerOptions;
import io.millrace.runtime.ListenerBounds;
import io.millrace.runtime.RuntimeSettings;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;

/// The configuration of fetch, checked at start.
///
/// Threads: immutable.
///
/// @param restRecordsMax how many records a REST answer holds
/// @param restBytesMax how many bytes of content a REST answer holds
/// @param drain how long what was accepted may take once the service was told to stop
record FetchServiceSettings(
        ListenerOptions listener,
        FetchSettings fetch,
        boolean createsTopicsAutomatically,
        int producerIdBlockSize,
        Duration firstCatalogWait,
        int restRecordsMax,
        int restBytesMax,
        Duration drain) {

    private static final String LISTENER_NAME = "PLAINTEXT";

    /// The checked form of what the operator wrote.
    ///
    /// @throws IllegalArgumentException whose message names the property and says what would fit
    static FetchServiceSettings of(FetchConfig config, ListenerBounds bounds, RuntimeSettings runtime) {
        check(config.producerIdBlockSize() >= 1, "millrace.fetch.producer-id-block-size must be at least 1.");
        check(config.restRecordsMax() >= 1, "millrace.fetch.rest-records-max must be at least 1.");
        check(config.firstCatalogWait().isPositive(), "millrace.fetch.first-catalog-wait must be longer than zero.");
        return new FetchServiceSettings(
                listener(bounds, runtime),
                fetch(config),
                config.createTopicsAutomatically(),
                config.producerIdBlockSize(),
                config.firstCatalogWait(),
                config.restRecordsMax(),
                size("millrace.fetch.rest-size-max", config.restSizeMax()),
                runtime.drain());
    }

    private static ListenerOptions listener(ListenerBounds bounds, RuntimeSettings runtime) {
        RuntimeSettings.Address address = runtime.listener()
                .orElseThrow(() -> new IllegalArgumentException("millrace.listener.port is not set."));
        ListenerOptions defaults = ListenerOptions.defaults(LISTENER_NAME, address.host(), address.port());
        try {
            return new ListenerOptions(
                    defaults.name(),
                    defaults.host(),
                    defaults.port(),
                    size("millrace.listener.produce-size-max", bounds.produceSizeMax()),
                    size("millrace.listener.request-size-max", bounds.requestSizeMax()),
                    bounds.requestsInFlightMax(),
                    bounds.connectionInFlightMax().asLongValue(),
                    bounds.inFlightMax().asLongValue(),
                    bounds.connectionsMax(),
                    bounds.connectionsPerAddressMax(),
                    bounds.frameTimeout(),
                    bounds.idleTimeout(),
                    bounds.eventLoops().orElse(defaults.eventLoops()));
        } catch (IllegalArgumentException rule) {
            throw new IllegalArgumentException("millrace.listener does not fit: " + rule.getMessage(), rule);
        }
    }

    private static FetchSettings fetch(FetchConfig config) {
        try {
            return new FetchSettings(
                    size("millrace.fetch.response-size-max", config.responseSizeMax()),
                    config.memoryMax().asLongValue(),
                    size("millrace.fetch.response-size-min", config.responseSizeMin()),
                    config.waitMax(),
                    config.failurePause());
        } catch (IllegalArgumentException rule) {
            throw new IllegalArgumentException("millrace.fetch does not fit: " + rule.getMessage(), rule);
        }
    }

    private static int size(String property, MemorySize size) {
        long bytes = size.asLongValue();
        check(bytes >= 1 && bytes <= 1 << 30, property + " must be between 1 byte and 1 GiB.");
        return (int) bytes;
    }

    private static void check(boolean isLegal, String rule) {
        if (!isLegal) {
            throw new IllegalArgumentException(rule);
        }
    }
}
