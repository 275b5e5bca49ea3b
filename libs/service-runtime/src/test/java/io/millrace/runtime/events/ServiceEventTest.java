package io.millrace.runtime.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServiceEventTest {

    @Test
    void anEventIsOneLineOfKeysAndValues() {
        var event = ServiceEvent.audit("topic.stored", Map.of("topic", "orders", "partitions", "3"));

        assertThat(event).hasToString("topic.stored kind=AUDIT partitions=3 topic=orders");
    }

    @Test
    void aValueCannotForgeALine() {
        var event = ServiceEvent.audit("group.deleted", Map.of("group", "a\nb \"c\""));

        assertThat(event).hasToString("group.deleted kind=AUDIT group=\"a\\u000ab \\\"c\\\"\"");
    }
}
