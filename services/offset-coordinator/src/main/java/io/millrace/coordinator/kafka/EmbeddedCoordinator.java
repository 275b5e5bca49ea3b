package io.millrace.coordinator.kafka;

import com.yammer.metrics.core.MetricsRegistry;
import io.millrace.coordinator.log.GroupRecord;
import io.millrace.model.Catalog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetricsImpl;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.apache.kafka.server.share.persister.NoOpStatePersister;
import org.apache.kafka.server.util.timer.SystemTimer;
import org.apache.kafka.server.util.timer.SystemTimerReaper;

/// Kafka's group coordinator with our log under it.
///
/// Nothing is loaded before the first catalog is known: a group that is loaded without topics would rebalance to
/// nothing.
///
/// Threads: Kafka's own event, background and timer threads; `showCatalog` and `close` by one thread, and they may
/// block.
public final class EmbeddedCoordinator implements AutoCloseable {

    private final CoordinatorSettings settings;
    private final ShardSupervisor supervisor;
    private final GroupCoordinator coordinator;
    private final Groups groups;
    private final GroupConfigs groupConfigs;
    private final CatalogImages images;
    private final int offsetMetadataLengthMax;
    private boolean isStarted;

    private EmbeddedCoordinator(
            CoordinatorSettings settings,
            ShardSupervisor supervisor,
            GroupWriter writer,
            Time time,
            CoordinatorEvents events) {
        this.settings = settings;
        this.supervisor = supervisor;
        GroupConfigManager configs = configManager(settings);
        coordinator = build(settings, writer, supervisor, time, configs);
        groupConfigs = new GroupConfigs(configs, events);
        groups = new Groups(coordinator, settings.shards(), writer::tenure);
        images = new CatalogImages(settings.nodeId());
        offsetMetadataLengthMax = new GroupCoordinatorConfig(config(settings)).offsetMetadataMaxSize();
    }

    /// Builds it; nothing runs but Kafka's threads until [#showCatalog].
    ///
    /// @param threads stopped by their owner after this is closed
    public static EmbeddedCoordinator create(
            CoordinatorSettings settings, GroupSource source, CoordinatorThreads threads, CoordinatorEvents events) {
        return create(settings, source, threads, events, Time.SYSTEM);
    }

    static EmbeddedCoordinator create(
            CoordinatorSettings settings,
            GroupSource source,
            CoordinatorThreads threads,
            CoordinatorEvents events,
            Time time) {
        GroupWriter writer = new GroupWriter(source.log().batchBytesMax());
        ShardSupervisor supervisor = new ShardSupervisor(source, writer, threads, time, events);
        return new EmbeddedCoordinator(settings, supervisor, writer, time, events);
    }

    /// How the log reads the batches that this coordinator writes.
    public static List<GroupRecord> readBatch(byte[] bytes) {
        return BatchRecords.read(bytes);
    }

    private static AbstractConfig config(CoordinatorSettings settings) {
        ConfigDef definitions =
                Utils.mergeConfigs(List.of(GroupCoordinatorConfig.CONFIG_DEF, ShareGroupConfig.CONFIG_DEF));
        return new AbstractConfig(definitions, settings.kafkaProperties(), false);
    }

    /// A group's configurations are this service's where the group has none of its own.
    private static GroupConfigManager configManager(CoordinatorSettings settings) {
        AbstractConfig config = config(settings);
        GroupCoordinatorConfig groupConfig = new GroupCoordinatorConfig(config);
        ShareGroupConfig shareConfig = new ShareGroupConfig(config);
        return new GroupConfigManager(groupConfig.extractGroupConfigMap(shareConfig), groupConfig, shareConfig);
    }

    private static GroupCoordinator build(
            CoordinatorSettings settings,
            GroupWriter writer,
            ShardSupervisor loader,
            Time time,
            GroupConfigManager configs) {
        GroupCoordinatorConfig groupConfig = new GroupCoordinatorConfig(config(settings));
        Metrics metrics = new Metrics();
        return new GroupCoordinatorService.Builder(settings.nodeId(), groupConfig)
                .withTime(time)
                .withTimer(new SystemTimerReaper("group-coordinator-reaper", new SystemTimer("group-coordinator")))
                .withWriter(writer)
                .withLoader(loader)
                .withCoordinatorRuntimeMetrics(
                        new CoordinatorRuntimeMetricsImpl(metrics, "group-coordinator-metrics", true))
                .withGroupCoordinatorMetrics(new GroupCoordinatorMetrics(new MetricsRegistry(), metrics))
                .withGroupConfigManager(configs)
                .withPersister(new NoOpStatePersister())
                .withAuthorizerPlugin(Optional.empty())
                .withPartitionMetadataClient(new NoShareGroups())
                .build();
    }

    CoordinatorSettings settings() {
        return settings;
    }

    Groups groups() {
        return groups;
    }

    /// How many characters may be committed with an offset.
    int offsetMetadataLengthMax() {
        return offsetMetadataLengthMax;
    }

    /// Shows the coordinator the topics as they are now; the first time starts it.
    public void showCatalog(Catalog catalog) {
        if (!isStarted) {
            coordinator.startup(settings::shards);
        }
        groupConfigs.show(catalog);
        for (CatalogImages.Update update : images.updatesTo(catalog)) {
            coordinator.onMetadataUpdate(update.delta(), update.image());
        }
        if (!isStarted) {
            isStarted = true;
            supervisor.start(coordinator, settings.shards());
        }
    }

    /// Where each shard stands, by number.
    public Map<Integer, ShardPhase> phases() {
        return supervisor.phases();
    }

    public boolean isServing() {
        Map<Integer, ShardPhase> phases = supervisor.phases();
        return phases.size() == settings.shards()
                && phases.values().stream().allMatch(ShardPhase.Serving.class::isInstance);
    }

    @Override
    public void close() {
        if (!isStarted) {
            // What was never started does not stop its threads.
            coordinator.startup(settings::shards);
        }
        coordinator.shutdown();
    }
}
