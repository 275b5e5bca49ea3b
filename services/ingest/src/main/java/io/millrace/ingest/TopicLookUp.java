package io.millrace.ingest;

import io.millrace.kafka.handlers.StoreSilence;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.runtime.rest.Problems;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// The topic that a REST request names.
///
/// Errors: a 404 for one that does not exist, a 503 if wal-store does not say.
@ApplicationScoped
final class TopicLookUp {

    private final TopicDirectory directory;

    TopicLookUp(TopicDirectory directory) {
        this.directory = directory;
    }

    Uni<Topic> find(String name) {
        return directory
                .find(name)
                .onFailure(StoreSilence.class)
                .transform(silence -> Problems.unavailable("wal-store did not say whether the topic exists."))
                .map(topic -> topic.orElseThrow(
                        () -> Problems.refused(Refusal.UNKNOWN_TOPIC, "There is no topic " + name + ".")));
    }
}
