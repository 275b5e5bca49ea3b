package io.millrace.kafka.handlers;

import io.millrace.api.CallFailedException;
import io.millrace.api.feed.CatalogView;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/// The topics as the catalog feed and wal-store tell them.
public final class CatalogDirectory implements TopicDirectory {

    private final CatalogView view;
    private final Duration firstSnapshotWait;

    /// @param firstSnapshotWait how long a request may wait for the first snapshot of the catalog after a start
    public CatalogDirectory(CatalogView view, Duration firstSnapshotWait) {
        this.view = view;
        this.firstSnapshotWait = firstSnapshotWait;
    }

    @Override
    public Catalog catalog() {
        return view.catalog();
    }

    @Override
    public boolean isReady() {
        return view.isReady();
    }

    @Override
    public Uni<Catalog> ready() {
        if (view.isReady()) {
            return Uni.createFrom().item(view.catalog());
        }
        return view.changes()
                .toUni()
                .ifNoItem()
                .after(firstSnapshotWait)
                .failWith(() -> new StoreSilence("No catalog has come from wal-store yet."));
    }

    @Override
    public Uni<Catalog> current() {
        return spoken(view.current());
    }

    @Override
    public Uni<Optional<Topic>> find(String name) {
        return spoken(view.find(name));
    }

    @Override
    public Uni<Optional<Topic>> find(TopicId id) {
        return spoken(view.find(id));
    }

    private static <T> Uni<T> spoken(Uni<T> answer) {
        return answer.onFailure(CallFailedException.class)
                .transform(failure -> new StoreSilence("wal-store did not say which topics there are.", failure));
    }
}
