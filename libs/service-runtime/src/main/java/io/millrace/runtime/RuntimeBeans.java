package io.millrace.runtime;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.api.CallFailedException;
import io.millrace.api.ServiceKind;
import io.millrace.api.feed.CatalogView;
import io.millrace.api.feed.TailFeed;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.api.feed.TopicCommands;
import io.millrace.api.http.FeedSource;
import io.millrace.api.http.FrameForwarder;
import io.millrace.api.http.InternalClient;
import io.millrace.api.http.StoreClient;
import io.millrace.api.instances.FileInstances;
import io.millrace.api.instances.InstanceProbe;
import io.millrace.api.instances.Instances;
import io.millrace.api.instances.KubernetesInstances;
import io.millrace.api.instances.PodSelection;
import io.millrace.api.instances.StaticInstances;
import io.millrace.model.Catalog;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.ApplicationConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/// The composition root of what all services share; each is made when somebody asks for it first.
@ApplicationScoped
final class RuntimeBeans {

    RuntimeBeans() {}

    @Produces
    @Singleton
    RuntimeSettings settings(MillraceConfig config, ApplicationConfig application, ServiceKind kind) {
        String version = application.version().orElse("unknown");
        try {
            return new SettingsCheck(config, hostName())
                    .settings(kind, UUID.randomUUID().toString(), version);
        } catch (IllegalArgumentException rule) {
            throw CannotStart.because(String.valueOf(rule.getMessage()));
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    @Produces
    @Singleton
    io.millrace.api.Instance self(RuntimeSettings settings) {
        return settings.self();
    }

    @Produces
    @Singleton
    InternalClient internalClient(Vertx vertx, RuntimeSettings settings) {
        return new InternalClient(vertx, settings.api());
    }

    @Produces
    @Singleton
    Instances instances(
            Vertx vertx,
            InternalClient client,
            RuntimeSettings settings,
            MillraceConfig config,
            Instance<KubernetesClient> kubernetes) {
        InstanceProbe probe = new InstanceProbe(vertx, client::hello, settings.probe());
        return switch (settings.instances()) {
            case STATIC -> new StaticInstances(probe, settings.peers());
            case FILE ->
                new FileInstances(
                        vertx,
                        probe,
                        settings.peersFile().orElseThrow(),
                        settings.probe().interval().toMillis());
            case KUBERNETES -> {
                KubernetesClient api = kubernetes.get();
                String namespace = config.kubernetes().namespace().orElseGet(api::getNamespace);
                var selection = new PodSelection(
                        namespace,
                        config.kubernetes().partOf(),
                        settings.internal().port());
                yield new KubernetesInstances(api, probe, selection);
            }
        };
    }

    void close(@Disposes Instances instances) {
        instances.close();
    }

    @Produces
    @Singleton
    StoreClient storeClient(InternalClient client, Instances instances, io.millrace.api.Instance self) {
        return new StoreClient(client, instances, self);
    }

    @Produces
    @Singleton
    FrameForwarder frameForwarder(InternalClient client) {
        return new FrameForwarder(client);
    }

    @Produces
    @Singleton
    TailSubscriptions tailSubscriptions() {
        return new TailSubscriptions();
    }

    @Produces
    @Singleton
    FeedSource feedSource(InternalClient client, Instances instances, TailSubscriptions subscriptions) {
        return new FeedSource(client, instances, subscriptions);
    }

    /// Of watermarks; fetch has one of its own, with batches.
    @Produces
    @Singleton
    @DefaultBean
    TailFeed tailFeed(Vertx vertx, TailSubscriptions subscriptions, RuntimeSettings settings) {
        return new TailFeed(vertx, subscriptions, settings.api().feeds());
    }

    @Produces
    @Singleton
    CatalogView catalogView(StoreClient store, ClusterIdGuard guard, MeterRegistry registry) {
        Counter asked = Counter.builder("millrace.catalog.requests")
                .description("How often wal-store was asked for what the followed catalog did not have")
                .register(registry);
        return new CatalogView(known -> {
            asked.increment();
            return store.catalogSince(known).onItem().transformToUni(catalog -> ours(catalog, guard));
        });
    }

    @Produces
    @Singleton
    TopicCommands topicCommands(StoreClient store, CatalogView view, RuntimeSettings settings) {
        return new TopicCommands(store::execute, view, settings.api().feeds().catalogChangeWait());
    }

    private static Uni<Catalog> ours(Catalog catalog, ClusterIdGuard guard) {
        return guard.admits(catalog.clusterId())
                ? Uni.createFrom().item(catalog)
                : Uni.createFrom()
                        .failure(new CallFailedException(
                                "wal-store belongs to another cluster, " + catalog.clusterId()));
    }
}
