package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.HostPort;
import io.millrace.api.ServiceKind;
import io.millrace.api.http.ApiOptions;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SettingsCheckTest {

    private static final Pattern LITERAL = Pattern.compile("- (MILLRACE_\\w+)=(\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("- name: (MILLRACE_\\w+)\\s+value: (\\S+)");

    private final Map<String, String> properties = new HashMap<>(Map.of("millrace.internal.port", "7081"));

    @Test
    void defaultsAreOneMachine() {
        var settings = settings();

        assertThat(settings.node().ordinal()).isZero();
        assertThat(settings.listener()).isEmpty();
        assertThat(settings.internal().advertised()).isEqualTo(new HostPort("127.0.0.1", 7081));
        assertThat(settings.peers()).containsOnlyKeys(ServiceKind.values());
        assertThat(settings.api().transport()).isEqualTo(ApiOptions.defaults().transport());
        assertThat(settings.api().calls()).isEqualTo(ApiOptions.defaults().calls());
        assertThat(settings.api().streams()).isEqualTo(ApiOptions.defaults().streams());
        assertThat(settings.api().feeds()).isEqualTo(ApiOptions.defaults().feeds());
    }

    @Test
    void aListenerThatNobodyCanConnectToIsRefusedWithTheSettingThatHelps() {
        properties.put("millrace.listener.port", "9092");
        properties.put("millrace.listener.host", "0.0.0.0");

        assertThatThrownBy(this::settings).hasMessageContaining("millrace.listener.advertised-host");
    }

    @Test
    void theAdvertisedHostIsATemplate() {
        properties.put("millrace.listener.port", "9092");
        properties.put("millrace.listener.host", "0.0.0.0");
        properties.put("millrace.listener.advertised-host", "ingest-{ordinal}.example");
        properties.put("millrace.listener.advertised-port", "19092");
        properties.put("millrace.node.ordinal", "2");

        var self = settings().self();

        assertThat(self.kafka()).contains(new HostPort("ingest-2.example", 19092));
        assertThat(self.nodeId()).isEqualTo(1002);
    }

    @Test
    void onKubernetesThePodsNameGivesTheOrdinal() {
        properties.put("millrace.instances", "kubernetes");

        assertThat(settings("ingest-7").node().ordinal()).isEqualTo(7);
        assertThatThrownBy(() -> settings("laptop")).hasMessageContaining("millrace.node.ordinal");
    }

    @ParameterizedTest
    @EnumSource(ServiceKind.class)
    void theManifestsTellEachServiceWhatItStartsWith(ServiceKind kind) throws IOException {
        String service = kind.label();
        Path base = Path.of("../../k8s/base");
        Map<String, String> environment = new HashMap<>();
        LITERAL.matcher(Files.readString(base.resolve("kustomization.yaml")))
                .results()
                .forEach(found -> environment.put(found.group(1), found.group(2)));
        VARIABLE.matcher(Files.readString(base.resolve(service + ".yaml")))
                .results()
                .forEach(found -> environment.put(
                        found.group(1),
                        found.group(2).replace("$(POD_NAME)", service + "-1").replace("$(POD_NAMESPACE)", "millrace")));
        assertThat(environment).containsEntry("MILLRACE_INSTANCES", "kubernetes");
        if (kind.isKafkaNode()) {
            properties.put("millrace.listener.port", "9092");
        }

        RuntimeSettings settings = settings(new EnvConfigSource(environment, 300), service + "-1", kind);

        assertThat(settings.internal().host()).isEqualTo("0.0.0.0");
        assertThat(settings.self().ordinal()).isEqualTo(1);
        assertThat(settings.self().kafka())
                .isEqualTo(
                        kind.isKafkaNode()
                                ? Optional.of(new HostPort(service + "-1." + service + "-headless.millrace.svc", 9092))
                                : Optional.empty());
    }

    @Test
    void aPeerWithoutAPortIsNamedWithItsProperty() {
        properties.put("millrace.peers.wal-store", "127.0.0.1:7084,elsewhere");

        assertThatThrownBy(this::settings).hasMessageContaining("millrace.peers.wal-store has 'elsewhere'");
    }

    @Test
    void anEmptyBoundIsRefused() {
        properties.put("millrace.shutdown.drain", "0s");

        assertThatThrownBy(this::settings).hasMessageContaining("millrace.shutdown.drain");
    }

    @Test
    void addressesThatDoNotAnswerAreSilent() {
        properties.put("millrace.peers.fetch", "127.0.0.1:1,127.0.0.1:2");

        var silent = settings().silentPeers(ServiceKind.FETCH, Set.of(new HostPort("127.0.0.1", 1)));

        assertThat(silent).containsExactly(new HostPort("127.0.0.1", 2));
        assertThat(settings().drain()).isEqualTo(Duration.ofSeconds(10));
    }

    private RuntimeSettings settings() {
        return settings("laptop");
    }

    private RuntimeSettings settings(String hostName) {
        return settings(new EnvConfigSource(Map.of(), 300), hostName, ServiceKind.INGEST);
    }

    private RuntimeSettings settings(EnvConfigSource environment, String hostName, ServiceKind kind) {
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(MillraceConfig.class)
                .withDefaultValues(properties)
                .withSources(environment)
                .build()
                .getConfigMapping(MillraceConfig.class);
        return new SettingsCheck(config, hostName).settings(kind, "incarnation", "version");
    }
}
