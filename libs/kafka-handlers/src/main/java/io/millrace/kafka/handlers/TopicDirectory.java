package io.millrace.kafka.handlers;

import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/// The topics that there are, as request handlers see them.
///
/// Threads: called on event loops, never blocks.
public interface TopicDirectory {

    /// The latest catalog seen, which means something only once [#isReady].
    Catalog catalog();

    /// True once the first snapshot of the catalog has come.
    boolean isReady();

    /// The catalog as soon as there is one. Errors: fails if none comes within the configured wait.
    Uni<Catalog> ready();

    /// The catalog as wal-store has it now: who asks for all topics after a change that was answered, sees it,
    /// whichever instance changed it. Errors: fails with [StoreSilence] if wal-store does not answer.
    Uni<Catalog> current();

    /// The same, or what was seen last if wal-store does not answer.
    default Uni<Catalog> currentOrSeen() {
        return ready().chain(_ -> current()).onFailure(StoreSilence.class).recoverWithItem(silence -> seen(silence));
    }

    private Catalog seen(Throwable silence) {
        if (isReady()) {
            return catalog();
        }
        throw (StoreSilence) silence;
    }

    /// Looks in memory, then asks wal-store. Errors: fails if wal-store does not answer, so that "unknown" stays a
    /// fact.
    Uni<Optional<Topic>> find(String name);

    /// Looks in memory, then asks wal-store. Errors: fails if wal-store does not answer, so that "unknown" stays a
    /// fact.
    Uni<Optional<Topic>> find(TopicId id);
}
