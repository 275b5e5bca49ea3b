package io.millrace.api.instances;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.millrace.api.CallFailedException;
import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true)
final class InstancesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HostPort FIRST = new HostPort("10.0.0.1", 7082);
    private static final HostPort SECOND = new HostPort("10.0.0.2", 7082);

    @SuppressWarnings("NullAway.Init")
    KubernetesClient kubernetes;

    private final Vertx vertx = Vertx.vertx();
    private final Map<HostPort, Instance> network = new ConcurrentHashMap<>();
    private final InstanceProbe probe =
            new InstanceProbe(vertx, this::hello, new ProbeOptions(Duration.ofMinutes(5), Duration.ofMillis(10), 3));

    @AfterEach
    void stop() {
        probe.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void configuredInstancesLiveWhenTheyAnswerAndComeInTheOrderOfTheirOrdinals() {
        network.put(FIRST, fetch(1, "a", FIRST));
        network.put(SECOND, fetch(0, "a", SECOND));

        try (Instances instances = new StaticInstances(probe, Map.of(ServiceKind.FETCH, List.of(FIRST, SECOND)))) {
            eventually(() -> instances.live(ServiceKind.FETCH).size() == 2);

            assertThat(instances.live(ServiceKind.FETCH))
                    .extracting(Instance::ordinal)
                    .containsExactly(0, 1);
            assertThat(instances.live(ServiceKind.INGEST)).isEmpty();
        }
    }

    @Test
    void instancesComeAndGoAsTheFileSays(@TempDir Path directory) throws IOException {
        network.put(FIRST, fetch(0, "a", FIRST));
        network.put(SECOND, fetch(1, "a", SECOND));
        Path file = directory.resolve("peers");

        try (Instances instances = new FileInstances(vertx, probe, file, 10)) {
            replace(file, "fetch=" + FIRST + "," + SECOND + "\n");
            eventually(() -> instances.live(ServiceKind.FETCH).size() == 2);
            replace(file, "fetch = " + SECOND + "\n");
            eventually(() -> instances.live(ServiceKind.FETCH).size() == 1);
            replace(file, "fetch=nonsense\n");
            Files.delete(file);

            assertThat(instances.live(ServiceKind.FETCH))
                    .extracting(Instance::ordinal)
                    .containsExactly(1);
        }
    }

    /// At once: a reader never finds half of it.
    private static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling("next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aSuspectedInstanceIsDeadAfterItsMissesAndBackWithANewIncarnation() {
        Instance before = fetch(0, "a", FIRST);
        network.put(FIRST, before);
        try (Instances instances = new StaticInstances(probe, Map.of(ServiceKind.FETCH, List.of(FIRST)))) {
            AssertSubscriber<List<Instance>> changes =
                    instances.changes().subscribe().withSubscriber(AssertSubscriber.create(100));
            eventually(() -> !instances.live(ServiceKind.FETCH).isEmpty());

            // The next regular probe is minutes away.
            network.clear();
            instances.suspect(before);
            eventually(() -> instances.live(ServiceKind.FETCH).isEmpty());
            network.put(FIRST, fetch(0, "b", FIRST));
            eventually(() -> !instances.live(ServiceKind.FETCH).isEmpty());

            assertThat(changes.getItems())
                    .containsSubsequence(List.of(before), List.of(), List.of(fetch(0, "b", FIRST)));
        }
    }

    @Test
    void aWrongServiceAtAnAddressIsNotTakenForTheRightOne() {
        network.put(FIRST, fetch(0, "a", FIRST));
        network.put(SECOND, fetch(0, "a", SECOND));

        try (Instances instances = new StaticInstances(
                probe, Map.of(ServiceKind.INGEST, List.of(FIRST), ServiceKind.FETCH, List.of(SECOND)))) {
            eventually(() -> !instances.live(ServiceKind.FETCH).isEmpty());

            assertThat(instances.live(ServiceKind.INGEST)).isEmpty();
        }
    }

    @Test
    void podsAreFoundByTheirLabelsAndForgottenWhenTheyGo() {
        network.put(FIRST, fetch(0, "a", FIRST));
        network.put(SECOND, fetch(1, "a", SECOND));
        PodSelection selection = new PodSelection("logs", "millrace", 7082);
        pod("fetch-0", FIRST.host(), "millrace");
        pod("stranger", "10.0.0.9", "other");

        try (Instances instances = new KubernetesInstances(kubernetes, probe, selection)) {
            eventually(() -> instances.live(ServiceKind.FETCH).size() == 1);
            pod("fetch-1", SECOND.host(), "millrace");
            eventually(() -> instances.live(ServiceKind.FETCH).size() == 2);
            kubernetes.pods().inNamespace("logs").withName("fetch-0").delete();
            eventually(() -> instances.live(ServiceKind.FETCH).size() == 1);

            assertThat(instances.live(ServiceKind.FETCH)).containsExactly(fetch(1, "a", SECOND));
        }
    }

    private void pod(String name, String address, String partOf) {
        kubernetes
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("logs")
                        .withName(name)
                        .addToLabels(PodSelection.PART_OF_LABEL, partOf)
                        .addToLabels(PodSelection.COMPONENT_LABEL, "fetch")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("fetch")
                        .addNewPort()
                        .withName(PodSelection.PORT_NAME)
                        .withContainerPort(7082)
                        .endPort()
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPodIP(address)
                        .endStatus()
                        .build())
                .create();
    }

    private Uni<Instance> hello(HostPort address) {
        return Uni.createFrom()
                .item(() -> Optional.ofNullable(network.get(address))
                        .orElseThrow(() -> new CallFailedException("nobody at " + address)));
    }

    private static Instance fetch(int ordinal, String incarnation, HostPort address) {
        return new Instance(
                ServiceKind.FETCH, ordinal, incarnation, address.host(), address.port(), Optional.empty(), "test");
    }

    private static void eventually(BooleanSupplier condition) {
        Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(5))
                .onOverflow()
                .drop()
                .filter(_ -> condition.getAsBoolean())
                .toUni()
                .await()
                .atMost(PATIENCE);
    }
}
