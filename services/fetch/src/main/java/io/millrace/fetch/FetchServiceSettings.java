package io.millrace.fetch;

import io.millrace.fetch.cache.PastReads;
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
/// @param cache the memory for records that are wanted again
/// @param restRecordsMax how many records a REST answer holds
/// @param restBytesMax how many bytes of content a REST answer holds
/// @param drain how long what was accepted may take once the service was told to stop
record FetchServiceSettings(
        ListenerOptions listener,
        FetchSettings fetch,
        Cache cache,
        boolean createsTopicsAutomatically,
        int producerIdBlockSize,
        Duration firstCatalogWait,
        int restRecordsMax,
        int restBytesMax,
        Streams streams,
        Duration drain) {

    /// The memory for records that are wanted again.
    ///
    /// Units: bytes.
    ///
    /// @param compactedAgeMax how long records of compacted topics are taken from it
    record Cache(long tailBytesMax, long pastBytesMax, Duration compactedAgeMax, PastReads.ReadAhead ahead) {}

    /// Live streams over REST.
    ///
    /// @param quietMax after so long without a record a stream says that it is alive
    record Streams(int countMax, Duration quietMax) {}

    private static final String LISTENER_NAME = "PLAINTEXT";

    /// The checked form of what the operator wrote.
    ///
    /// @throws IllegalArgumentException whose message names the property and says what would fit
    static FetchServiceSettings of(FetchConfig config, ListenerBounds bounds, RuntimeSettings runtime) {
        check(config.producerIdBlockSize() >= 1, "millrace.fetch.producer-id-block-size must be at least 1.");
        check(config.restRecordsMax() >= 1, "millrace.fetch.rest-records-max must be at least 1.");
        check(config.restStreamsMax() >= 0, "millrace.fetch.rest-streams-max must not be negative.");
        check(
                config.restStreamQuietMax().isPositive(),
                "millrace.fetch.rest-stream-quiet-max must be longer than zero.");
        check(config.firstCatalogWait().isPositive(), "millrace.fetch.first-catalog-wait must be longer than zero.");
        return new FetchServiceSettings(
                listener(bounds, runtime),
                fetch(config),
                cache(config),
                config.createTopicsAutomatically(),
                config.producerIdBlockSize(),
                config.firstCatalogWait(),
                config.restRecordsMax(),
                size("millrace.fetch.rest-size-max", config.restSizeMax()),
                new Streams(config.restStreamsMax(), config.restStreamQuietMax()),
                runtime.drain());
    }

    private static ListenerOptions listener(ListenerBounds bounds, RuntimeSettings runtime) {
        RuntimeSettings.Address address = runtime.listener()
                .orElseThrow(() -> new IllegalArgumentException("millrace.listener.port is not set."));
        ListenerOptions defaults = ListenerOptions.defaults(LISTENER_NAME, address.host(), address.port());
        // A Produce is only told that it came to the wrong place.
        int requestBytesMax = size("millrace.listener.request-size-max", bounds.requestSizeMax());
        try {
            return new ListenerOptions(
                    defaults.name(),
                    defaults.host(),
                    defaults.port(),
                    requestBytesMax,
                    requestBytesMax,
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
                    config.failurePause(),
                    new FetchSettings.Sessions(
                            config.sessionsMax(), config.sessionPartitionsMax(), config.sessionIdleMin()));
        } catch (IllegalArgumentException rule) {
            throw new IllegalArgumentException("millrace.fetch does not fit: " + rule.getMessage(), rule);
        }
    }

    private static Cache cache(FetchConfig config) {
        int aheadBytes = size("millrace.fetch.read-ahead-size", config.readAheadSize());
        check(
                config.compactedCacheAgeMax().toSeconds() >= 1,
                "millrace.fetch.compacted-cache-age-max must be at least a second.");
        check(config.readAheadsMax() >= 0, "millrace.fetch.read-aheads-max must not be negative.");
        long pastBytesMax = config.pastCacheSize().asLongValue();
        check(
                pastBytesMax >= 2L * aheadBytes * Math.max(1, config.readAheadsMax()),
                "millrace.fetch.past-cache-size must be at least twice millrace.fetch.read-ahead-size for each of "
                        + "millrace.fetch.read-aheads-max.");
        return new Cache(
                config.tailCacheSize().asLongValue(),
                pastBytesMax,
                config.compactedCacheAgeMax(),
                new PastReads.ReadAhead(aheadBytes, config.readAheadsMax()));
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
