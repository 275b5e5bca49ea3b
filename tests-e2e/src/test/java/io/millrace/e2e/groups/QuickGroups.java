package io.millrace.e2e.groups;

import io.millrace.e2e.cluster.ClusterOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Groups that notice lost members soon.
final class QuickGroups {
    static final Duration SESSION = Duration.ofSeconds(6);

    private QuickGroups() {}

    static ClusterOptions cluster(String name) {
        String seconds = SESSION.toSeconds() + "s";
        return ClusterOptions.named(name)
                .with("millrace.offset-coordinator.group.initial-rebalance-delay", "0s")
                .with("millrace.offset-coordinator.group.consumer-session-timeout", seconds)
                .with("millrace.offset-coordinator.group.consumer-heartbeat-interval", "1s")
                .with("millrace.offset-coordinator.group.streams-session-timeout", seconds)
                .with("millrace.offset-coordinator.group.streams-heartbeat-interval", "1s");
    }

    /// Of a consumer; the newer protocol takes its times from the server.
    static Map<String, Object> settings(String group, String protocol) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("group.id", group);
        settings.put("group.protocol", protocol);
        if (protocol.equals("classic")) {
            settings.put("session.timeout.ms", (int) SESSION.toMillis());
            settings.put("heartbeat.interval.ms", 1_000);
        }
        return settings;
    }
}
