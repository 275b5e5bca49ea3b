package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `kubectl kustomize` makes of `k8s/`, read strictly and checked for what the services rely on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ManifestsTest {

    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final String[] COMPONENTS = {"ingest", "fetch", "offset-coordinator", "wal-store"};

    private final List<HasMetadata> objects = Manifests.render("k8s/base");

    @ParameterizedTest
    @ValueSource(strings = {"k8s/base", "k8s/overlays/dev"})
    void everythingThatIsRenderedIsKnownToKubernetes(String directory) {
        var rendered = Manifests.render(directory);

        assertThat(rendered).hasSize(16);
        assertThat(rendered).filteredOn(StatefulSet.class::isInstance).hasSize(COMPONENTS.length);
    }

    @Test
    void whatKeepsNothingFollowsItsLoad() {
        var rendered = Manifests.render("k8s/overlays/scaled");

        for (var component : List.of("ingest", "fetch")) {
            var set = find(rendered, StatefulSet.class, component);
            var autoscaler = find(rendered, HorizontalPodAutoscaler.class, component);
            var budget = find(rendered, PodDisruptionBudget.class, component);
            assertThat(set.getSpec().getReplicas()).isNull();
            assertThat(autoscaler.getSpec().getScaleTargetRef().getName()).isEqualTo(component);
            assertThat(autoscaler.getSpec().getMinReplicas()).isGreaterThan(1);
            assertThat(budget.getSpec().getSelector()).isEqualTo(set.getSpec().getSelector());
        }
        assertThat(find(rendered, StatefulSet.class, "wal-store").getSpec().getReplicas())
                .isEqualTo(1);
        assertThat(rendered).hasSize(20);
    }

    @Test
    void aMisspeltFieldIsRefused() {
        var misspelt = """
                apiVersion: v1
                kind: Service
                metadata:
                  name: sample
                spec:
                  publishNotReadyAdresses: true
                """;

        assertThatThrownBy(() -> Manifests.parse(misspelt)).hasMessageContaining("publishNotReadyAdresses");
    }

    @Test
    void eachServiceHasAStatefulSetBehindAHeadlessService() {
        for (var component : COMPONENTS) {
            var set = find(StatefulSet.class, component);
            var pod = set.getSpec().getTemplate();
            var headless = find(Service.class, set.getSpec().getServiceName());

            assertThat(pod.getMetadata().getLabels()).containsEntry(COMPONENT, component);
            assertThat(set.getSpec().getSelector().getMatchLabels())
                    .isEqualTo(pod.getMetadata().getLabels());
            assertThat(headless.getSpec().getClusterIP()).isEqualTo("None");
            assertThat(headless.getSpec().getPublishNotReadyAddresses()).isTrue();
        }
    }

    @Test
    void servicesSelectPodsAndNamePortsThatExist() {
        for (var service : all(Service.class)) {
            var set = find(StatefulSet.class, service.getSpec().getSelector().getOrDefault(COMPONENT, ""));
            var container =
                    set.getSpec().getTemplate().getSpec().getContainers().getFirst();
            var portNames = container.getPorts().stream().map(port -> port.getName());

            assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
                    .containsAllEntriesOf(service.getSpec().getSelector());
            assertThat(service.getSpec().getPorts().stream()
                            .map(port -> port.getTargetPort().getStrVal()))
                    .isSubsetOf(portNames.toList());
        }
    }

    @Test
    void eachContainerIsProbedBoundedAndConfined() {
        for (var set : all(StatefulSet.class)) {
            var container =
                    set.getSpec().getTemplate().getSpec().getContainers().getFirst();
            var probes =
                    Stream.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe());

            assertThat(probes.map(probe -> probe.getHttpGet().getPath()))
                    .containsExactly("/q/health/started", "/q/health/live", "/q/health/ready");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getVolumeMounts()).isNotEmpty();
        }
    }

    @Test
    void whatIsKeptIsOnAPersistentVolume() {
        for (var component : List.of("offset-coordinator", "wal-store")) {
            var spec = find(StatefulSet.class, component).getSpec();
            var container = spec.getTemplate().getSpec().getContainers().getFirst();

            assertThat(spec.getReplicas()).isEqualTo(1);
            assertThat(spec.getVolumeClaimTemplates().getFirst().getMetadata().getName())
                    .isEqualTo("data");
            assertThat(container.getVolumeMounts())
                    .anySatisfy(mount -> assertThat(mount.getMountPath()).isEqualTo("/data"));
            assertThat(container.getEnv())
                    .anySatisfy(
                            variable -> assertThat(Map.entry(variable.getName(), String.valueOf(variable.getValue())))
                                    .isEqualTo(Map.entry("MILLRACE_DATA_DIRECTORY", "/data")));
        }
    }

    @Test
    void portsAreThoseOfTheServicesConfiguration() {
        var tree = SourceTree.ofThisRepository();
        for (var component : COMPONENTS) {
            var properties = tree.file(
                            tree.root().resolve("services/" + component + "/src/main/resources/application.properties"))
                    .text();
            var container = find(StatefulSet.class, component)
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst();

            var rest = container.getPorts().stream()
                    .filter(port -> port.getName().equals("rest"))
                    .findFirst()
                    .orElseThrow();
            assertThat(properties).contains("quarkus.http.port=" + rest.getContainerPort());
        }
    }

    @Test
    void instancesMayWatchPodsAndNothingElse() {
        var role = all(Role.class).getFirst();
        var binding = all(RoleBinding.class).getFirst();
        var account = all(ServiceAccount.class).getFirst();

        PolicyRule rule = role.getRules().getFirst();
        assertThat(role.getRules()).hasSize(1);
        assertThat(rule.getResources()).containsExactly("pods");
        assertThat(rule.getVerbs()).containsExactly("get", "list", "watch");
        assertThat(binding.getRoleRef().getName()).isEqualTo(role.getMetadata().getName());
        assertThat(binding.getSubjects().getFirst().getName())
                .isEqualTo(account.getMetadata().getName());
        assertThat(binding.getSubjects().getFirst().getNamespace())
                .isEqualTo(account.getMetadata().getNamespace());
        assertThat(all(StatefulSet.class))
                .allSatisfy(
                        set -> assertThat(set.getSpec().getTemplate().getSpec().getServiceAccountName())
                                .isEqualTo(account.getMetadata().getName()));
    }

    @Test
    void podsReadTheConfigurationThatIsRendered() {
        var map = all(ConfigMap.class).getFirst();

        assertThat(map.getData()).containsEntry("MILLRACE_INSTANCES", "kubernetes");
        assertThat(all(StatefulSet.class)).allSatisfy(set -> {
            var container =
                    set.getSpec().getTemplate().getSpec().getContainers().getFirst();
            assertThat(container.getEnvFrom().getFirst().getConfigMapRef().getName())
                    .isEqualTo(map.getMetadata().getName());
        });
    }

    @Test
    void imagesHaveAVersionAndNoNodePullsAnotherOne() {
        assertThat(all(StatefulSet.class)).allSatisfy(set -> {
            var container =
                    set.getSpec().getTemplate().getSpec().getContainers().getFirst();
            assertThat(container.getImage()).matches("millrace/[a-z-]+:\\d+\\.\\d+\\.\\d+");
            assertThat(container.getImagePullPolicy()).isEqualTo("IfNotPresent");
        });
    }

    @Test
    void skaffoldBuildsTheImagesThatTheManifestsName() {
        var tree = SourceTree.ofThisRepository();
        var skaffold = tree.file(tree.root().resolve("skaffold.yaml")).text();

        assertThat(all(StatefulSet.class)).allSatisfy(set -> {
            var image = set.getSpec()
                    .getTemplate()
                    .getSpec()
                    .getContainers()
                    .getFirst()
                    .getImage()
                    .replaceFirst(":\\d+\\.\\d+\\.\\d+$", "");
            assertThat(skaffold)
                    .contains("image: " + image)
                    .contains("project: io.millrace:" + image.substring("millrace/".length()));
        });
    }

    private <T extends HasMetadata> T find(Class<T> type, String name) {
        return find(objects, type, name);
    }

    private static <T extends HasMetadata> T find(List<HasMetadata> rendered, Class<T> type, String name) {
        return rendered.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }

    private <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
