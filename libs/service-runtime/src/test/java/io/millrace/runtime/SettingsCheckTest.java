package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.HostPort;
import io.millrace.api.ServiceKind;
import io.millrace.api.http.ApiOptions;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SettingsCheckTest {

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
        var config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(MillraceConfig.class)
                .withDefaultValues(properties)
                .build()
                .getConfigMapping(MillraceConfig.class);
        return new SettingsCheck(config, hostName).settings(ServiceKind.INGEST, "incarnation", "version");
    }
}
