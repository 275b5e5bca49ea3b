package io.millrace.runtime;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Remembers the first cluster id that this process has seen, and turns down every other one.
///
/// A wal-store of another cluster behind a known address would make every offset and every topic id wrong; going on
/// with it would look like lost data.
///
/// Threads: any.
@ApplicationScoped
public final class ClusterIdGuard {

    private final AtomicReference<@Nullable String> seen = new AtomicReference<>();
    private final AtomicReference<@Nullable String> foreign = new AtomicReference<>();

    ClusterIdGuard() {}

    /// True if this is the cluster that this process belongs to, which the first id decides.
    public boolean admits(String clusterId) {
        String first = seen.compareAndExchange(null, clusterId);
        boolean isOurs = first == null || first.equals(clusterId);
        foreign.set(isOurs ? null : clusterId);
        return isOurs;
    }

    /// The cluster that this process belongs to; empty until it has heard of one.
    public Optional<String> clusterId() {
        return Optional.ofNullable(seen.get());
    }

    /// The id of another cluster, if that is what answered last.
    public Optional<String> foreignClusterId() {
        return Optional.ofNullable(foreign.get());
    }
}
