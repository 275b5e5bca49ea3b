package io.millrace.coordinator;

import io.millrace.coordinator.kafka.CoordinatorSettings;
import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.kafka.listener.ListenerOptions;
import io.millrace.runtime.ListenerBounds;
import io.millrace.runtime.RuntimeSettings;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// The configuration of offset-coordinator, checked at start.
///
/// Threads: immutable.
///
/// @param directory where this service keeps its files; a directory of its own in the data directory
record CoordinatorOptions(
        Path directory,
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
    private static final Duration CONSUMER_SESSION_TIMEOUT = Duration.ofSeconds(45);
    private static final Duration CONSUMER_HEARTBEAT_INTERVAL = Duration.ofSeconds(5);

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
                data.resolve(DIRECTORY_NAME),
                runtime.node().ordinal(),
                new CoordinatorSettings(
                        runtime.node().kind().nodeId(runtime.node().ordinal()), config.shards(), kafka(config)),
                new GroupLogOptions(
                        log.inFlightSizeMax().asLongValue(),
                        log.foldAfterBatches(),
                        log.foldAfterSize().asLongValue(),
                        log.tailBatchesMax()),
                config.loadThreads(),
                listener(bounds, runtime),
                runtime.drain());
    }

    private static Map<String, String> kafka(CoordinatorConfig config) {
        CoordinatorConfig.Offsets offsets = config.offsets();
        CoordinatorConfig.Group group = config.group();
        Duration session = positive("group.consumer-session-timeout", group.consumerSessionTimeout());
        Duration heartbeat = positive("group.consumer-heartbeat-interval", group.consumerHeartbeatInterval());
        check(
                heartbeat.compareTo(session) < 0,
                "millrace.offset-coordinator.group.consumer-heartbeat-interval must be shorter than"
                        + " group.consumer-session-timeout.");
        check(group.membersMax() >= 1, "millrace.offset-coordinator.group.members-max must be at least 1.");
        Map<String, String> kafka = new TreeMap<>();
        kafka.put("group.coordinator.threads", Integer.toString(config.eventThreads()));
        kafka.put("group.coordinator.background.threads", Integer.toString(config.backgroundThreads()));
        kafka.put(
                "offsets.retention.minutes",
                Long.toString(Math.max(
                        1, positive("offsets.retention", offsets.retention()).toMinutes())));
        kafka.put(
                "offsets.retention.check.interval.ms",
                millis(positive("offsets.retention-check-interval", offsets.retentionCheckInterval())));
        kafka.put("offsets.commit.timeout.ms", millis(positive("offsets.commit-timeout", offsets.commitTimeout())));
        kafka.put("offset.metadata.max.bytes", Integer.toString(offsets.metadataSizeMax()));
        kafka.put("group.min.session.timeout.ms", millis(group.sessionTimeoutMin()));
        kafka.put("group.max.session.timeout.ms", millis(group.sessionTimeoutMax()));
        kafka.put("group.initial.rebalance.delay.ms", millis(group.initialRebalanceDelay()));
        kafka.put("group.max.size", Integer.toString(group.membersMax()));
        kafka.put("group.consumer.max.size", Integer.toString(group.membersMax()));
        kafka.put("group.consumer.session.timeout.ms", millis(session));
        kafka.put("group.consumer.heartbeat.interval.ms", millis(heartbeat));
        // Kafka refuses a default outside the range that groups may choose from; the range follows.
        kafka.put("group.consumer.min.session.timeout.ms", millis(shorter(session, CONSUMER_SESSION_TIMEOUT)));
        kafka.put("group.consumer.max.session.timeout.ms", millis(longer(session, Duration.ofSeconds(60))));
        kafka.put("group.consumer.min.heartbeat.interval.ms", millis(shorter(heartbeat, CONSUMER_HEARTBEAT_INTERVAL)));
        kafka.put("group.consumer.max.heartbeat.interval.ms", millis(longer(heartbeat, Duration.ofSeconds(15))));
        return kafka;
    }

    private static ListenerOptions listener(ListenerBounds bounds, RuntimeSettings runtime) {
        RuntimeSettings.Address address = runtime.listener()
                .orElseThrow(() -> new IllegalArgumentException("millrace.listener.port is not set."));
        return new ListenerOptions(
                LISTENER_NAME,
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

    private static int size(String property, MemorySize size) {
        long bytes = size.asLongValue();
        check(bytes >= 1 && bytes <= 1 << 30, "millrace.listener." + property + " must be between 1 byte and 1 GiB.");
        return (int) bytes;
    }

    private static Duration positive(String property, Duration duration) {
        check(duration.isPositive(), "millrace.offset-coordinator." + property + " must be longer than zero.");
        return duration;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static void check(boolean isLegal, String rule) {
        if (!isLegal) {
            throw new IllegalArgumentException(rule);
        }
    }
}
