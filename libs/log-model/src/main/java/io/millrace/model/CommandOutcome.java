package io.millrace.model;

import java.util.List;
import java.util.Map;

/// What became of a [Command]; everything but `Refused` and `Unknown` is durable when it is answered.
public sealed interface CommandOutcome {

    /// The topic as it is now (or would be, for a validation).
    record TopicStored(Topic topic) implements CommandOutcome {}

    record TopicDeleted(TopicId topicId) implements CommandOutcome {}

    /// What the resource is configured to now (or would be).
    record ResourceStored(Resource resource, Map<String, String> configs) implements CommandOutcome {
        public ResourceStored {
            configs = Map.copyOf(configs);
        }
    }

    record RecordsDeleted(long logStartOffset) implements CommandOutcome {}

    record ProducerIds(long firstId, int count) implements CommandOutcome {}

    record ProducersDescribed(List<ProducerSummary> producers) implements CommandOutcome {
        public ProducersDescribed {
            producers = List.copyOf(producers);
        }
    }

    record Refused(Refusal refusal, String message) implements CommandOutcome {}

    /// The store went silent after the command was sent: it may have been done.
    record Unknown(String message) implements CommandOutcome {}
}
