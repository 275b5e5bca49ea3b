package io.millrace.walstore;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.api.ServiceKind;
import io.millrace.api.http.FeedPublisher;
import io.millrace.api.http.InternalRoutes;
import io.millrace.runtime.CannotStart;
import io.millrace.runtime.ProcessExit;
import io.millrace.runtime.RuntimeSettings;
import io.millrace.runtime.events.ServiceEvents;
import io.millrace.store.LogStore;
import io.millrace.store.NanoClock;
import io.millrace.store.StoreEnvironment;
import io.millrace.wal.storage.FileStorage;
import io.millrace.walstore.kafka.KafkaBatchCleaner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/// The composition root of wal-store.
@ApplicationScoped
final class WalStoreBeans {

    private static final Duration EXIT_PATIENCE = Duration.ofSeconds(5);

    WalStoreBeans() {}

    @Produces
    @Singleton
    ServiceKind kind() {
        return ServiceKind.WAL_STORE;
    }

    @Produces
    @Singleton
    WalStoreSettings settings(WalStoreConfig config, RuntimeSettings runtime) {
        try {
            return WalStoreSettings.of(config, runtime);
        } catch (IllegalArgumentException rule) {
            throw CannotStart.because(String.valueOf(rule.getMessage()));
        }
    }

    @Produces
    @Singleton
    NanoClock nanoClock() {
        return System::nanoTime;
    }

    @Produces
    @Singleton
    WalMeters meters(MeterRegistry registry) {
        return new WalMeters(registry);
    }

    @Produces
    @Singleton
    ReadPool readPool(WalStoreSettings settings) {
        return new ReadPool(settings.readThreads(), settings.readQueueMax());
    }

    @Produces
    @Singleton
    ProcessExit exit() {
        return new ProcessExit(EXIT_PATIENCE);
    }

    @Produces
    @Singleton
    StoreOwner owner(WalStoreSettings settings, NanoClock clock, ProcessExit exit) {
        return new StoreOwner(settings, clock, exit);
    }

    @Produces
    @Singleton
    StoreParts parts(StoreOwner owner, ReadPool pool, FeedPublisher feeds, ProcessExit exit) {
        return new StoreParts(owner, pool, feeds, exit);
    }

    @Produces
    @Singleton
    StoreEvents events(StoreOwner owner, WalMeters meters, FeedPublisher feeds, ServiceEvents events) {
        return new StoreEvents(owner, meters, feeds, events);
    }

    @Produces
    @Singleton
    StoreOwner.Opening opening(WalStoreSettings settings, NanoClock clock, StoreEvents events) {
        var environment = new StoreEnvironment(Clock.systemUTC(), clock, new SecureRandom(), new KafkaBatchCleaner());
        return () -> LogStore.open(
                FileStorage.open(settings.directory(), settings.volatileMemory(), WalStoreBeans::startDeletion),
                settings.options(),
                environment,
                events);
    }

    private static void startDeletion(Runnable removal) {
        Thread.ofPlatform().daemon().name("wal-deletion").start(removal);
    }

    @Produces
    @Singleton
    StoreEndpoint endpoint(
            StoreOwner owner, ReadPool pool, WalMeters meters, NanoClock clock, WalStoreSettings settings) {
        return new StoreEndpoint(
                owner, pool, new StoreReads(meters, clock), new StoreSizes(settings.directory()), meters);
    }

    @Produces
    @Singleton
    FeedPublisher feedPublisher(RuntimeSettings runtime) {
        return new FeedPublisher(runtime.api());
    }

    @Produces
    @Singleton
    InternalRoutes routes(StoreEndpoint endpoint, FeedPublisher publisher) {
        return InternalRoutes.ofStore(endpoint, publisher);
    }
}
