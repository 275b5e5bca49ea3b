package io.millrace.coordinator;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.feed.CatalogView;
import io.millrace.api.feed.TopicCommands;
import io.millrace.api.http.FrameForwarder;
import io.millrace.api.http.StoreClient;
import io.millrace.api.instances.Instances;
import io.millrace.coordinator.kafka.GroupListener;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.slots.SlotEnvironment;
import io.millrace.kafka.handlers.CatalogDirectory;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.ListenerMeters;
import io.millrace.kafka.handlers.RequestTraces;
import io.millrace.kafka.handlers.RoutingView;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.telemetry.ClientTelemetry;
import io.millrace.runtime.CannotStart;
import io.millrace.runtime.ListenerBounds;
import io.millrace.runtime.ProcessExit;
import io.millrace.runtime.RuntimeSettings;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/// The composition root of offset-coordinator.
@ApplicationScoped
final class CoordinatorBeans {

    private static final Logger LOG = Logger.getLogger(CoordinatorBeans.class);
    private static final Duration EXIT_PATIENCE = Duration.ofSeconds(5);

    CoordinatorBeans() {}

    @Produces
    @Singleton
    ServiceKind kind() {
        return ServiceKind.OFFSET_COORDINATOR;
    }

    @Produces
    @Singleton
    CoordinatorOptions options(CoordinatorConfig config, ListenerBounds bounds, RuntimeSettings runtime) {
        try {
            return CoordinatorOptions.of(config, bounds, runtime);
        } catch (IllegalArgumentException rule) {
            throw CannotStart.because(String.valueOf(rule.getMessage()));
        }
    }

    @Produces
    @Singleton
    CoordinatorNode node(
            CoordinatorOptions options, CoordinatorNode.Opening opening, MeterRegistry registry, CatalogView catalog) {
        return new CoordinatorNode(
                options, opening, new CoordinatorMeters(registry), System::nanoTime, catalog::catalog);
    }

    @Produces
    @Singleton
    CoordinatorNode.Opening opening(CoordinatorOptions options, MeterRegistry registry) {
        SlotEnvironment environment = new SlotEnvironment(Clock.systemUTC(), new SecureRandom());
        GroupFileEvents events = new GroupFileEvents(registry, new ProcessExit(EXIT_PATIENCE));
        return () -> GroupLogStore.open(options.store(), environment, events);
    }

    @Produces
    @Singleton
    GroupAccess access(CoordinatorNode node, TopicDirectory directory) {
        return new GroupAccess(node, directory);
    }

    @Produces
    @Singleton
    GroupLags lags(CatalogView catalog, StoreClient store, CoordinatorConfig config) {
        CoordinatorConfig.Lag lag = config.lag();
        EndOffsets.Bounds bounds = new EndOffsets.Bounds(lag.endAgeMax(), lag.endsMax());
        return new GroupLags(catalog, new EndOffsets(store, System::nanoTime, bounds));
    }

    @Produces
    @Singleton
    CoordinatorLifecycle.Meters meters(
            CoordinatorNode node,
            GroupAccess groups,
            GroupLags lags,
            CoordinatorConfig config,
            MeterRegistry registry) {
        LagSeries series = new LagSeries(config.lag().seriesMax(), registry);
        return new CoordinatorLifecycle.Meters(
                new NodeGauges(registry, node), new LagMeters(config.lag().interval(), groups, lags, series));
    }

    @Produces
    @Singleton
    TopicDirectory directory(CatalogView view, CoordinatorConfig config) {
        return new CatalogDirectory(view, config.catalog().firstSnapshotWait());
    }

    @Produces
    @Singleton
    GroupListener listener(
            Vertx vertx,
            CoordinatorOptions options,
            ClusterContext context,
            FrameForwarder forwarder,
            MeterRegistry registry) {
        GroupListener.Socket socket = new GroupListener.Socket(
                options.listener(),
                new ListenerMeters(
                        registry,
                        new RequestTraces(UUID.randomUUID().getMostSignificantBits()),
                        (api, version, failure) ->
                                LOG.warnf(failure, "Request failed api=%s version=%d", api, version)),
                System::nanoTime);
        return new GroupListener(vertx, socket, context, forwarder);
    }

    @Produces
    @Singleton
    ClientTelemetry telemetry(TopicDirectory directory, ListenerBounds bounds, MeterRegistry registry) {
        return new ClientTelemetry(
                new ClientTelemetry.Environment(
                        directory::catalog,
                        System::nanoTime,
                        new SecureRandom(),
                        Infrastructure.getDefaultWorkerPool(),
                        registry),
                new ClientTelemetry.Options(
                        (int) bounds.telemetrySizeMax().asLongValue(),
                        bounds.telemetryClientsMax(),
                        bounds.telemetrySeriesMax()));
    }

    @Produces
    @Singleton
    ClusterContext context(
            Instance self,
            Instances instances,
            TopicDirectory directory,
            TopicCommands commands,
            ClientTelemetry telemetry,
            CoordinatorConfig config) {
        CoordinatorConfig.Catalog catalog = config.catalog();
        return new ClusterContext(
                self,
                () -> RoutingView.now(instances::live, self),
                directory,
                commands::execute,
                new ClusterContext.Settings(catalog.automaticTopics(), catalog.producerIdBlockSize(), List.of()),
                telemetry);
    }
}
