package io.millrace.fetch;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.feed.CatalogView;
import io.millrace.api.feed.TailFeed;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.api.feed.TopicCommands;
import io.millrace.api.http.FrameForwarder;
import io.millrace.api.http.InternalRoutes;
import io.millrace.api.http.StoreClient;
import io.millrace.api.instances.Instances;
import io.millrace.fetch.cache.BatchCache;
import io.millrace.fetch.cache.CacheAges;
import io.millrace.fetch.cache.CacheMeters;
import io.millrace.fetch.cache.CachedReads;
import io.millrace.fetch.cache.OwnerReads;
import io.millrace.fetch.cache.PastReads;
import io.millrace.fetch.cache.VerifiedReads;
import io.millrace.fetch.kafka.FetchListener;
import io.millrace.kafka.fetch.FetchHandler;
import io.millrace.kafka.handlers.CatalogDirectory;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.IngestForwarder;
import io.millrace.kafka.handlers.ListenerMeters;
import io.millrace.kafka.handlers.RequestTraces;
import io.millrace.kafka.handlers.RoutingView;
import io.millrace.kafka.quota.ClientQuotas;
import io.millrace.kafka.telemetry.ClientTelemetry;
import io.millrace.runtime.CannotStart;
import io.millrace.runtime.ListenerBounds;
import io.millrace.runtime.RuntimeSettings;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// The composition root of fetch.
@ApplicationScoped
final class FetchBeans {

    private static final Logger LISTENER_LOG = Logger.getLogger(FetchListener.class);

    FetchBeans() {}

    @Produces
    @Singleton
    ServiceKind kind() {
        return ServiceKind.FETCH;
    }

    @Produces
    @Singleton
    FetchServiceSettings settings(FetchConfig config, ListenerBounds bounds, RuntimeSettings runtime) {
        try {
            return FetchServiceSettings.of(config, bounds, runtime);
        } catch (IllegalArgumentException rule) {
            throw CannotStart.because(String.valueOf(rule.getMessage()));
        }
    }

    @Produces
    @Singleton
    FetchMeters meters(MeterRegistry registry) {
        return new FetchMeters(registry);
    }

    @Produces
    @Singleton
    ListenerMeters listenerMeters(MeterRegistry registry) {
        return new ListenerMeters(
                registry,
                new RequestTraces(UUID.randomUUID().getMostSignificantBits()),
                (api, version, failure) ->
                        LISTENER_LOG.warnf(failure, "A request's handler failed api=%s version=%d", api, version));
    }

    @Produces
    @Singleton
    CatalogDirectory directory(CatalogView view, FetchServiceSettings settings) {
        return new CatalogDirectory(view, settings.firstCatalogWait());
    }

    @Produces
    @Singleton
    ClientTelemetry telemetry(CatalogDirectory directory, ListenerBounds bounds, MeterRegistry registry) {
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
            CatalogDirectory directory,
            TopicCommands commands,
            ClientTelemetry telemetry,
            FetchServiceSettings settings) {
        ClusterContext.Settings decided = new ClusterContext.Settings(
                settings.createsTopicsAutomatically(), settings.producerIdBlockSize(), nodeConfigs(settings));
        return new ClusterContext(self, routing(self, instances), directory, commands::execute, decided, telemetry);
    }

    @Produces
    @Singleton
    BatchCache batchCache(CatalogView catalog, FetchServiceSettings settings) {
        FetchServiceSettings.Cache cache = settings.cache();
        CacheAges ages = new CacheAges(
                catalog::catalog, System::nanoTime, cache.compactedAgeMax().toMillis());
        return new BatchCache(cache.tailBytesMax(), cache.pastBytesMax(), ages);
    }

    @Produces
    @Singleton
    CacheMeters cacheMeters(MeterRegistry registry, BatchCache cache) {
        return new CacheMeters(registry, cache);
    }

    @Produces
    @Singleton
    TailFeed tailFeed(
            Vertx vertx,
            TailSubscriptions subscriptions,
            RuntimeSettings runtime,
            BatchCache cache,
            CacheMeters cacheMeters) {
        return TailFeed.withBatches(vertx, subscriptions, runtime.api().feeds(), slice -> {
            cacheMeters.pushed(slice.batches());
            cache.add(slice);
        });
    }

    @Produces
    @Singleton
    OwnerReads ownerReads(StoreClient store, TailFeed tail) {
        return new OwnerReads(store, tail);
    }

    @Produces
    @Singleton
    CachedReads cachedReads(
            TailFeed tail, BatchCache cache, CacheMeters cacheMeters, OwnerReads owner, FetchServiceSettings settings) {
        PastReads past = new PastReads(owner, tail, cache, settings.cache().ahead(), cacheMeters);
        return new CachedReads(tail, cache, past, cacheMeters);
    }

    @Produces
    @Singleton
    VerifiedReads verifiedReads(CachedReads cached, OwnerReads owner) {
        return new VerifiedReads(cached, owner);
    }

    @Produces
    @Singleton
    FetchHandler.Environment environment(
            CatalogDirectory directory, CachedReads cached, VerifiedReads verified, StoreClient store, TailFeed tail) {
        FetchHandler.Records records = new FetchHandler.Records(cached, verified, store::offsets);
        return new FetchHandler.Environment(directory, records, tail::awaitNews, System::nanoTime, new Random());
    }

    @Produces
    @Singleton
    IngestForwarder toIngest(ClusterContext cluster, FrameForwarder forwarder) {
        return new IngestForwarder(cluster.routing(), forwarder::forward);
    }

    @Produces
    @Singleton
    ClientQuotas quotas(CatalogDirectory directory, ListenerBounds bounds) {
        return new ClientQuotas(
                directory::catalog,
                System::nanoTime,
                new ClientQuotas.Options(bounds.quotaWindow(), bounds.throttleMax(), bounds.quotaClientsMax()));
    }

    @Produces
    @Singleton
    FetchListener.Parts parts(
            FetchServiceSettings settings,
            ClusterContext cluster,
            ClientQuotas quotas,
            IngestForwarder toIngest,
            ListenerMeters listenerMeters,
            FetchMeters meters) {
        return new FetchListener.Parts(
                settings.listener(), settings.fetch(), cluster, quotas, toIngest, listenerMeters, meters);
    }

    @Produces
    @Singleton
    FetchListener listener(Vertx vertx, FetchListener.Parts parts, FetchHandler.Environment environment) {
        return new FetchListener(vertx, parts, environment);
    }

    @Produces
    @Singleton
    InternalRoutes routes(FetchListener listener, VerifiedReads reads, FetchMeters meters) {
        return InternalRoutes.none().withReads(new RangeReads(reads, meters)).withFrames(listener.frames());
    }

    @Produces
    @Singleton
    PartitionRecords partitionRecords(
            CatalogView catalog, VerifiedReads reads, StoreClient store, FetchServiceSettings settings) {
        return new PartitionRecords(catalog::find, reads, store::offsets, settings.restBytesMax());
    }

    @Produces
    @Singleton
    RecordStreams recordStreams(PartitionRecords records, TailFeed tail, FetchServiceSettings settings) {
        return new RecordStreams(
                records,
                tail::awaitNews,
                settings.streams().countMax(),
                settings.streams().quietMax());
    }

    private static Supplier<RoutingView> routing(Instance self, Instances instances) {
        return () -> RoutingView.now(instances::live, self);
    }

    private static List<ClusterContext.NodeConfig> nodeConfigs(FetchServiceSettings settings) {
        return List.of(
                new ClusterContext.NodeConfig(
                        "auto.create.topics.enable",
                        Boolean.toString(settings.createsTopicsAutomatically()),
                        "Whether a topic is created when a client asks about one that does not exist."),
                new ClusterContext.NodeConfig(
                        "fetch.max.bytes",
                        Integer.toString(settings.fetch().maxResponseBytes()),
                        "How many bytes of records one answer holds."),
                new ClusterContext.NodeConfig(
                        "connections.max.idle.ms",
                        Long.toString(settings.listener().idleTimeout().toMillis()),
                        "How long a connection may be silent."));
    }
}
