package io.millrace.kafka.wire;

import io.millrace.model.TopicId;
import org.apache.kafka.common.Uuid;

/// Topic ids as Kafka's protocol writes them. Source: KIP-516.
public final class Uuids {

    private Uuids() {}

    public static Uuid of(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }

    public static TopicId topicId(Uuid uuid) {
        return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }
}
