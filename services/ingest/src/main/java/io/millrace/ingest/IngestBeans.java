package io.millrace.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.feed.CatalogView;
import io.millrace.api.feed.TailFeed;
import io.millrace.api.feed.TopicCommands;
import io.millrace.api.http.FrameForwarder;
import io.millrace.api.http.InternalClient;
import io.millrace.api.http.InternalRoutes;
import io.millrace.api.http.ReadClient;
import io.millrace.api.http.StoreClient;
import io.millrace.api.instances.Instances;
import io.millrace.ingest.kafka.BatchValidator;
import io.millrace.ingest.kafka.IngestRouter;
import io.millrace.ingest.kafka.ProduceHandler;
import io.millrace.ingest.kafka.ProduceMetrics;
import io.millrace.ingest.kafka.RecordProducer;
import io.millrace.ingest.kafka.TopicApis;
import io.millrace.kafka.fetch.FetchHandler;
import io.millrace.kafka.fetch.FollowerRedirects;
import io.millrace.kafka.handlers.CatalogDirectory;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.FrameEndpoint;
import io.millrace.kafka.handlers.IngestForwarder;
import io.millrace.kafka.handlers.ListenerMeters;
import io.millrace.kafka.handlers.RequestTraces;
import io.millrace.kafka.handlers.RoutingView;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.ApiRouter;
import io.millrace.kafka.listener.KafkaServer;
import io.millrace.kafka.quota.ClientQuotas;
import io.millrace.kafka.telemetry.ClientTelemetry;
import io.millrace.runtime.CannotStart;
import io.millrace.runtime.ListenerBounds;
import io.millrace.runtime.RuntimeSettings;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;

/// The composition root of ingest.
@ApplicationScoped
final class IngestBeans {

    private static final Logger LOG = Logger.getLogger("io.millrace.ingest.listener");

    IngestBeans() {}

    @Produces
    @Singleton
    ServiceKind kind() {
        return ServiceKind.INGEST;
    }

    @Produces
    @Singleton
    IngestSettings settings(IngestConfig config, ListenerBounds bounds, RuntimeSettings runtime) {
        try {
            return IngestSettings.of(config, bounds, runtime);
        } catch (IllegalArgumentException rule) {
            throw CannotStart.because(String.valueOf(rule.getMessage()));
        }
    }

    @Produces
    @Singleton
    ValidationPool validationPool(IngestSettings settings) {
        return new ValidationPool(settings.validationThreads());
    }

    void close(@Disposes ValidationPool pool) {
        pool.close();
    }

    @Produces
    @Singleton
    BatchValidator validator(Clock clock, IngestSettings settings) {
        return new BatchValidator(clock::millis, settings.validation());
    }

    @Produces
    @Singleton
    TopicDirectory directory(CatalogView view, IngestSettings settings) {
        return new CatalogDirectory(view, settings.topics().firstCatalogWait());
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
    ClusterContext cluster(
            Instance self,
            Instances instances,
            TopicDirectory directory,
            TopicCommands commands,
            ClientTelemetry telemetry,
            IngestSettings settings) {
        return new ClusterContext(
                self,
                () -> RoutingView.now(instances::live, self),
                directory,
                commands::execute,
                new ClusterContext.Settings(
                        settings.topics().createAutomatically(),
                        settings.topics().producerIdBlockSize(),
                        NodeConfigs.of(self, settings)),
                telemetry);
    }

    @Produces
    @Singleton
    ProduceHandler.Store appends(StoreClient store) {
        return new ProduceHandler.Store(store::append, store::isWritable, store::writable);
    }

    @Produces
    @Singleton
    ProduceHandler produce(
            TopicDirectory directory,
            BatchValidator validator,
            ProduceHandler.Store store,
            ValidationPool pool,
            MeterRegistry registry) {
        return new ProduceHandler(
                directory,
                validator,
                store,
                new ProduceHandler.Threads(IngestBeans::currentLoop, pool),
                new ProduceMetrics(registry, System::nanoTime));
    }

    @Produces
    @Singleton
    RecordProducer restProducer(BatchValidator validator, ProduceHandler.Store store) {
        return new RecordProducer(validator, store, Infrastructure.getDefaultWorkerPool());
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    FetchNodeReads reads(ClusterContext cluster, InternalClient client, StoreClient store, IngestSettings settings) {
        FetchNodeReads.Sources sources = new FetchNodeReads.Sources(
                () -> cluster.routing().get().readReplicas(), node -> new ReadClient(client, node), store);
        return new FetchNodeReads(sources, settings.fetchNodeWait());
    }

    @Produces
    @Singleton
    FetchHandler fetch(
            ClusterContext cluster,
            FetchNodeReads reads,
            Feeds feeds,
            IngestSettings settings,
            MeterRegistry registry) {
        FetchHandler.Environment environment = new FetchHandler.Environment(
                cluster.directory(),
                new FetchHandler.Records(reads, reads, feeds.store()::offsets),
                feeds.tail()::awaitNews,
                System::nanoTime,
                new SecureRandom());
        FollowerRedirects redirects = new FollowerRedirects(
                () -> cluster.routing().get().readReplicas().stream()
                        .map(Instance::nodeId)
                        .toList(),
                System::nanoTime,
                settings.redirects().window(),
                settings.redirects().readersMax());
        return new FetchHandler(environment, redirects, settings.fetch(), new FetchMeters(registry));
    }

    /// What comes from wal-store by itself or when asked.
    record Feeds(StoreClient store, TailFeed tail) {}

    @Produces
    @Singleton
    Feeds feeds(StoreClient store, TailFeed tail) {
        return new Feeds(store, tail);
    }

    @Produces
    @Singleton
    ListenerMeters listenerMeters(MeterRegistry registry) {
        return new ListenerMeters(
                registry,
                new RequestTraces(UUID.randomUUID().getMostSignificantBits()),
                (api, version, failure) -> LOG.errorf(failure, "Handler failed api=%s version=%d", api, version));
    }

    @Produces
    @Singleton
    ApiRouter router(
            ClusterContext cluster,
            IngestRouter.DataPath data,
            IngestRouter.TopicPath topics,
            FrameForwarder frames,
            ListenerMeters meters) {
        return IngestRouter.of(cluster, data, topics, new IngestForwarder(cluster.routing(), frames::forward), meters);
    }

    @Produces
    @Singleton
    ClientQuotas quotas(TopicDirectory directory, ListenerBounds bounds) {
        return new ClientQuotas(
                directory::catalog,
                System::nanoTime,
                new ClientQuotas.Options(bounds.quotaWindow(), bounds.throttleMax(), bounds.quotaClientsMax()));
    }

    @Produces
    @Singleton
    IngestRouter.DataPath dataPath(ProduceHandler produce, FetchHandler fetch, ClientQuotas quotas) {
        return new IngestRouter.DataPath(produce, fetch, quotas);
    }

    @Produces
    @Singleton
    IngestRouter.TopicPath topicPath(TopicCommands commands, StoreClient store, ValidationPool pool) {
        return new IngestRouter.TopicPath(new TopicApis.Store(commands::execute, store::offsets, store::sizes), pool);
    }

    @Produces
    @Singleton
    InternalRoutes routes(ApiRouter router) {
        return InternalRoutes.none().withFrames(new FrameEndpoint(router));
    }

    @Produces
    @Singleton
    KafkaServer listener(Vertx vertx, IngestSettings settings, ApiRouter router, ListenerMeters meters) {
        return new KafkaServer(vertx, settings.listener(), router, meters, System::nanoTime);
    }

    private static Executor currentLoop() {
        Context loop = Objects.requireNonNull(Vertx.currentContext(), "requests are handled on event loops");
        return task -> loop.runOnContext(none -> task.run());
    }
}
