package io.millrace.api.instances;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.LatestValue;
import io.millrace.api.ServiceKind;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Asks a set of addresses, again and again, who lives there; an instance that misses several questions in a row is
/// dead.
///
/// Threads: all methods from any thread, none blocks.
public final class InstanceProbe {

    private static final Logger LOG = Logger.getLogger(InstanceProbe.class);
    private static final Comparator<Instance> BY_PLACE =
            Comparator.comparing(Instance::kind).thenComparingInt(Instance::ordinal);

    private final Vertx vertx;
    private final Function<HostPort, Uni<Instance>> hello;
    private final ProbeOptions options;
    private final LatestValue<List<Instance>> all = new LatestValue<>(List.of());

    /// Guards the places, and the order of lists.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<Place, Watch> watches = new HashMap<>();

    /// Written under the lock, read by anyone.
    private volatile Map<ServiceKind, List<Instance>> live = Map.of();

    /// @param hello asks who answers at an address, with a deadline of its own; see `InternalClient.hello`
    public InstanceProbe(Vertx vertx, Function<HostPort, Uni<Instance>> hello, ProbeOptions options) {
        this.vertx = vertx;
        this.hello = hello;
        this.options = options;
    }

    /// An address, and who is expected to live there.
    record Place(ServiceKind kind, HostPort address) {}

    private static final class Watch {
        private @Nullable Instance instance;
        private int misses;
        private boolean isAsking;
        private long timer = -1;
    }

    /// From now on exactly these places are watched.
    void watch(Set<Place> places) {
        List<Place> added = new ArrayList<>();
        lock.lock();
        try {
            watches.entrySet().removeIf(entry -> {
                boolean isOver = !places.contains(entry.getKey());
                if (isOver) {
                    vertx.cancelTimer(entry.getValue().timer);
                }
                return isOver;
            });
            for (Place place : places) {
                if (watches.putIfAbsent(place, new Watch()) == null) {
                    added.add(place);
                }
            }
            refresh();
        } finally {
            lock.unlock();
        }
        all.publish();
        added.forEach(this::ask);
    }

    List<Instance> live(ServiceKind kind) {
        return live.getOrDefault(kind, List.of());
    }

    LatestValue<List<Instance>> all() {
        return all;
    }

    void suspect(Instance instance) {
        ask(new Place(instance.kind(), instance.internal()));
    }

    void close() {
        watch(Set.of());
    }

    private void ask(Place place) {
        lock.lock();
        try {
            Watch watch = watches.get(place);
            if (watch == null || watch.isAsking) {
                return;
            }
            watch.isAsking = true;
            vertx.cancelTimer(watch.timer);
        } finally {
            lock.unlock();
        }
        Uni.createFrom()
                .deferred(() -> hello.apply(place.address()))
                .subscribe()
                .with(instance -> answered(place, instance), failure -> missed(place, failure));
    }

    private void answered(Place place, Instance instance) {
        if (instance.kind() != place.kind()) {
            LOG.warnf(
                    "wrong service at %s: expected %s, found %s",
                    place.address(), place.kind().label(), instance.name());
            missed(place, new IllegalStateException("found " + instance.name()));
            return;
        }
        lock.lock();
        try {
            Watch watch = watches.get(place);
            if (watch != null) {
                boolean isNews = !instance.equals(watch.instance);
                watch.instance = instance;
                watch.misses = 0;
                askLater(place, watch, options.interval().toMillis());
                if (isNews) {
                    LOG.infof(
                            "instance lives name=%s address=%s incarnation=%s",
                            instance.name(), place.address(), instance.incarnation());
                    refresh();
                }
            }
        } finally {
            lock.unlock();
        }
        all.publish();
    }

    private void missed(Place place, Throwable failure) {
        lock.lock();
        try {
            Watch watch = watches.get(place);
            if (watch != null) {
                watch.misses++;
                askLater(place, watch, options.retry().toMillis());
                if (watch.instance != null && watch.misses >= options.missesMax()) {
                    LOG.infof(
                            "instance is dead name=%s address=%s reason=%s",
                            watch.instance.name(), place.address(), failure.getMessage());
                    watch.instance = null;
                    refresh();
                }
            }
        } finally {
            lock.unlock();
        }
        all.publish();
    }

    private void askLater(Place place, Watch watch, long millis) {
        watch.isAsking = false;
        watch.timer = vertx.setTimer(Math.max(1, millis), _ -> ask(place));
    }

    private void refresh() {
        Map<ServiceKind, List<Instance>> byKind = new EnumMap<>(ServiceKind.class);
        List<Instance> list = watches.values().stream()
                .map(watch -> watch.instance)
                .filter(instance -> instance != null)
                .sorted(BY_PLACE)
                .toList();
        list.forEach(each ->
                byKind.computeIfAbsent(each.kind(), _ -> new ArrayList<>()).add(each));
        byKind.replaceAll((_, instances) -> List.copyOf(instances));
        live = byKind;
        if (!list.equals(all.value())) {
            all.set(list);
        }
    }
}
