package io.millrace.runtime.follow;

import io.millrace.api.feed.CatalogView;
import io.millrace.model.CatalogNews;
import io.millrace.runtime.ClusterIdGuard;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/// Hands the catalog feed to the [CatalogView], as long as it comes from our own cluster.
///
/// Threads: the channel's, one message after the other.
@ApplicationScoped
final class CatalogFollower {

    private static final Logger LOG = Logger.getLogger(CatalogFollower.class);

    private final CatalogView view;
    private final ClusterIdGuard guard;

    // Owned by the channel, which delivers one message at a time.
    private boolean isForeign;

    CatalogFollower(CatalogView view, ClusterIdGuard guard) {
        this.view = view;
        this.guard = guard;
    }

    @NonBlocking
    @Incoming("catalog")
    void accept(CatalogNews news) {
        if (news instanceof CatalogNews.Snapshot snapshot) {
            checkCluster(snapshot);
        }
        if (!isForeign) {
            view.accept(news);
        }
    }

    private void checkCluster(CatalogNews.Snapshot snapshot) {
        String clusterId = snapshot.catalog().clusterId();
        boolean isFirst = guard.clusterId().isEmpty();
        boolean wasForeign = isForeign;
        isForeign = !guard.admits(clusterId);
        if (isFirst) {
            LOG.infof(
                    "First catalog clusterId=%s topics=%d",
                    clusterId, snapshot.catalog().topics().size());
        } else if (isForeign && !wasForeign) {
            LOG.errorf(
                    "wal-store belongs to another cluster, so its catalog is ignored clusterId=%s foreign=%s",
                    guard.clusterId().orElseThrow(), clusterId);
        }
    }
}
