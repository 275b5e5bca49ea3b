package io.millrace.coordinator;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Our configuration under the names that Kafka's coordinator reads.
final class KafkaProperties {

    private static final String PREFIX = "millrace.offset-coordinator.";

    /// What a group may choose by itself, by Kafka's defaults; wider if our own default lies outside.
    private static final Duration SESSION_MIN = Duration.ofSeconds(45);
    private static final Duration SESSION_MAX = Duration.ofSeconds(60);
    private static final Duration HEARTBEAT_MIN = Duration.ofSeconds(5);
    private static final Duration HEARTBEAT_MAX = Duration.ofSeconds(15);
    private static final Duration ASSIGNMENT_INTERVAL_MAX = Duration.ofSeconds(15);

    private static final Set<String> MIGRATION_POLICIES = Set.of("bidirectional", "upgrade", "downgrade", "disabled");

    private KafkaProperties() {}

    /// @throws IllegalArgumentException whose message names the property and says what would fit
    static Map<String, String> of(CoordinatorConfig config) {
        CoordinatorConfig.Offsets offsets = config.offsets();
        CoordinatorConfig.Group group = config.group();
        check(group.membersMax() >= 1, PREFIX + "group.members-max must be at least 1.");
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
        kafka.put("group.streams.initial.rebalance.delay.ms", millis(group.initialRebalanceDelay()));
        kafka.put("group.max.size", Integer.toString(group.membersMax()));
        times(kafka, "consumer", group.consumerSessionTimeout(), group.consumerHeartbeatInterval());
        times(kafka, "streams", group.streamsSessionTimeout(), group.streamsHeartbeatInterval());
        kafka.put("group.consumer.max.size", Integer.toString(group.membersMax()));
        consumerGroups(kafka, group);
        kafka.put("group.streams.max.size", Integer.toString(group.membersMax()));
        return kafka;
    }

    private static void consumerGroups(Map<String, String> kafka, CoordinatorConfig.Group group) {
        check(
                MIGRATION_POLICIES.contains(group.migrationPolicy()),
                PREFIX + "group.migration-policy must be one of bidirectional, upgrade, downgrade and disabled.");
        Duration interval = group.consumerAssignmentInterval();
        check(!interval.isNegative(), PREFIX + "group.consumer-assignment-interval must not be negative.");
        kafka.put("group.consumer.assignment.interval.ms", millis(interval));
        kafka.put("group.consumer.max.assignment.interval.ms", millis(longer(interval, ASSIGNMENT_INTERVAL_MAX)));
        kafka.put("group.consumer.migration.policy", group.migrationPolicy());
    }

    /// Kafka refuses a default outside the range that groups may choose from; the range follows.
    private static void times(Map<String, String> kafka, String protocol, Duration session, Duration heartbeat) {
        positive("group." + protocol + "-session-timeout", session);
        positive("group." + protocol + "-heartbeat-interval", heartbeat);
        check(
                heartbeat.compareTo(session) < 0,
                PREFIX + "group." + protocol + "-heartbeat-interval must be shorter than group." + protocol
                        + "-session-timeout.");
        String prefix = "group." + protocol + ".";
        kafka.put(prefix + "session.timeout.ms", millis(session));
        kafka.put(prefix + "heartbeat.interval.ms", millis(heartbeat));
        kafka.put(prefix + "min.session.timeout.ms", millis(shorter(session, SESSION_MIN)));
        kafka.put(prefix + "max.session.timeout.ms", millis(longer(session, SESSION_MAX)));
        kafka.put(prefix + "min.heartbeat.interval.ms", millis(shorter(heartbeat, HEARTBEAT_MIN)));
        kafka.put(prefix + "max.heartbeat.interval.ms", millis(longer(heartbeat, HEARTBEAT_MAX)));
    }

    private static Duration positive(String property, Duration duration) {
        check(duration.isPositive(), PREFIX + property + " must be longer than zero.");
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
