package io.millrace.walstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Refusal;
import io.millrace.model.TopicId;
import io.millrace.runtime.ProcessExit;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import io.millrace.wal.storage.FileStorage.VolatileMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StoreEndpointTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Path DIRECTORY = Path.of("target");

    private final SimulatedClock clock = new SimulatedClock(1_000_000);
    private final StoreOwner owner = new StoreOwner(settings(), clock, new ProcessExit(PATIENCE));
    private final ReadPool pool = new ReadPool(1, 1);

    @AfterEach
    void stop() throws InterruptedException {
        owner.refuseWork();
        owner.stop();
    }

    /// Not "unknown": who hears that may ask once more, and would add to what is too much already.
    @Test
    void aReadThatFindsTooManyBeforeItIsRefused() throws IOException, InterruptedException {
        WalMeters meters = new WalMeters(new SimpleMeterRegistry());
        StoreEndpoint endpoint =
                new StoreEndpoint(owner, pool, new StoreReads(meters, clock), new StoreSizes(DIRECTORY), meters);
        serve();
        boolean _ = pool.stop(PATIENCE);

        List<ReadOutcome> outcomes = endpoint.read(
                        List.of(new ReadRequest(new PartitionId(new TopicId(1, 2), 0), 0, 1)), 1)
                .await()
                .atMost(PATIENCE);

        assertThat(outcomes)
                .singleElement()
                .isInstanceOfSatisfying(
                        ReadOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.OVERLOADED));
    }

    private void serve() throws IOException {
        StoreRig rig = StoreRig.open(new SimulatedDisk(new SplittableRandom(1)));
        CompletableFuture<Void> serving = new CompletableFuture<>();
        owner.start(rig::store, () -> serving.complete(null));
        serving.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private static WalStoreSettings settings() {
        return new WalStoreSettings(
                DIRECTORY, 0, StoreRig.smallOptions(), VolatileMemory.ALLOW, 1, 1, 0, PATIENCE, PATIENCE);
    }
}
