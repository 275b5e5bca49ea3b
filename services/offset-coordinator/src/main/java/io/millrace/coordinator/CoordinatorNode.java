package io.millrace.coordinator;

import io.millrace.coordinator.kafka.CoordinatorEvents;
import io.millrace.coordinator.kafka.CoordinatorThreads;
import io.millrace.coordinator.kafka.EmbeddedCoordinator;
import io.millrace.coordinator.kafka.GroupSource;
import io.millrace.coordinator.kafka.ShardPhase;
import io.millrace.coordinator.log.GroupLog;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.log.GroupStoreException;
import io.millrace.coordinator.log.TenureStatus;
import io.millrace.coordinator.slots.SlotLog;
import io.millrace.model.Catalog;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The store, Kafka's coordinator over it, and the threads of both.
///
/// Threads: `open` and `close` on the main thread; catalogs on one thread of its own, since showing one may block.
/// Errors: a directory that is taken, foreign or broken fails `open` with a sentence.
final class CoordinatorNode {

    /// Opens the store; given by the composition root, which alone knows clock, dice and disk.
    @FunctionalInterface
    interface Opening {

        GroupLogStore open() throws GroupStoreException;
    }

    private static final Logger LOG = Logger.getLogger(CoordinatorNode.class);

    private final CoordinatorOptions options;
    private final Opening opening;
    private final CoordinatorEvents events;
    private final LongSupplier nanoClock;
    private final Supplier<Catalog> topics;
    private final ExecutorService catalogThread;
    private final ScheduledExecutorService control;
    private final ExecutorService loaders;

    // Written by the main thread, and by the catalog thread in between.
    private volatile NodeState state = new NodeState.Starting();
    private volatile boolean hasServed;

    // Written by the main thread.
    private volatile @Nullable GroupLogStore store;

    /// @param topics the latest known, also before it is shown
    CoordinatorNode(
            CoordinatorOptions options,
            Opening opening,
            CoordinatorEvents events,
            LongSupplier nanoClock,
            Supplier<Catalog> topics) {
        this.options = options;
        this.opening = opening;
        this.events = events;
        this.nanoClock = nanoClock;
        this.topics = topics;
        catalogThread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("group-catalog").daemon().factory());
        control = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("group-control").daemon().factory());
        loaders = Executors.newFixedThreadPool(
                options.loadThreads(),
                Thread.ofPlatform().name("group-loader-", 0).daemon().factory());
    }

    NodeState state() {
        return state;
    }

    /// Opens the store; groups are served from the first catalog on.
    void open() throws GroupStoreException {
        if (options.ordinal() > 0) {
            state = new NodeState.WithoutShards("Instance " + options.ordinal()
                    + " has no groups: all of them belong to offset-coordinator-0, and groups are not replicated yet."
                    + " Scale offset-coordinator to one instance.");
            return;
        }
        GroupLogStore opened = opening.open();
        store = opened;
        GroupLog log = opened.log(
                options.log(),
                nanoClock,
                EmbeddedCoordinator::readBatch,
                failure -> LOG.warnf("Folding failed, it will be tried again cause=%s", failure.getMessage()));
        EmbeddedCoordinator coordinator = EmbeddedCoordinator.create(
                options.coordinator(), new GroupSource(log, topics), new CoordinatorThreads(control, loaders), events);
        state = new NodeState.AwaitingCatalog(coordinator, log);
    }

    /// Takes note of the topics as they are now; the first time loads the shards.
    void show(Catalog catalog) {
        catalogThread.execute(() -> showNow(catalog));
    }

    private void showNow(Catalog catalog) {
        switch (state) {
            case NodeState.AwaitingCatalog awaiting -> serve(awaiting, catalog);
            case NodeState.Serving serving -> serving.coordinator().showCatalog(catalog);
            case NodeState.Starting _, NodeState.WithoutShards _, NodeState.Refused _, NodeState.Stopped _ -> {
                // Without shards no topic matters.
            }
        }
    }

    private void serve(NodeState.AwaitingCatalog awaiting, Catalog catalog) {
        try {
            GroupLogStore opened = store;
            if (opened != null) {
                opened.bindTo(catalog.clusterId());
            }
        } catch (GroupStoreException e) {
            LOG.error(e.getMessage());
            state = new NodeState.Refused(String.valueOf(e.getMessage()));
            return;
        }
        awaiting.coordinator().showCatalog(catalog);
        state = new NodeState.Serving(awaiting.coordinator(), awaiting.log());
    }

    Map<Integer, ShardPhase> phases() {
        return state instanceof NodeState.Serving serving
                ? serving.coordinator().phases()
                : Map.of();
    }

    /// The logs of the shards that are owned now, by number.
    Map<Integer, TenureStatus> tenures() {
        Map<Integer, TenureStatus> tenures = new TreeMap<>();
        if (state instanceof NodeState.Serving serving) {
            for (int shard = 0; shard < options.coordinator().shards(); shard++) {
                Optional<TenureStatus> status = serving.log().status(shard);
                if (status.isPresent()) {
                    tenures.put(shard, status.get());
                }
            }
        }
        return tenures;
    }

    /// How much of the files is needed; empty on a node without shards.
    Optional<SlotLog.Use> fileUse() {
        return Optional.ofNullable(store).map(GroupLogStore::use);
    }

    /// Whether all shards have been served at once since the start; a shard that is loaded again later does not undo
    /// it, or one bad put would take all groups out of service.
    boolean hasServed() {
        if (!hasServed && state instanceof NodeState.Serving serving) {
            hasServed = serving.coordinator().isServing();
        }
        return hasServed && state instanceof NodeState.Serving;
    }

    /// Answers what waits, then closes the files; what was not durable was not answered.
    void close() throws GroupStoreException {
        catalogThread.close();
        switch (state) {
            case NodeState.AwaitingCatalog awaiting -> awaiting.coordinator().close();
            case NodeState.Serving serving -> serving.coordinator().close();
            case NodeState.Starting _, NodeState.WithoutShards _, NodeState.Refused _, NodeState.Stopped _ -> {
                // No groups, or none any more.
            }
        }
        state = new NodeState.Stopped();
        control.shutdownNow();
        loaders.shutdownNow();
        GroupLogStore opened = store;
        if (opened != null) {
            opened.close();
        }
    }
}
