package io.millrace.api.feed;

import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Function;

/// The catalog as this process knows it.
///
/// Threads: from any thread.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"})
public final class CatalogView {
    /// @param store asks wal-store itself for a catalog not older than the given one
    public CatalogView(Function<Catalog, Uni<Catalog>> store) {}

    /// The next message of the channel, in order.
    public void accept(CatalogNews news) {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// The latest known catalog; empty before [#isReady].
    public Catalog catalog() {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// Whether a first snapshot has come.
    public boolean isReady() {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// The present catalog at once if there is one, then each newer one; a slow subscriber skips some.
    public Multi<Catalog> changes() {
        throw new UnsupportedOperationException("in the next commit");
    }

    /// The topic, looked up at wal-store before it is said not to exist; fails with
    /// [io.millrace.api.CallFailedException] when that look-up fails.
    public Uni<Optional<Topic>> find(String name) {
        throw new UnsupportedOperationException("in the next commit");
    }

    public Uni<Optional<Topic>> find(TopicId id) {
        throw new UnsupportedOperationException("in the next commit");
    }
}
