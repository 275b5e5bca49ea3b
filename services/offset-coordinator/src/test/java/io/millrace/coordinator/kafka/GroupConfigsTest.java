package io.millrace.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Catalog;
import io.millrace.model.ConfigDefinition;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;
import org.junit.jupiter.api.Test;

final class GroupConfigsTest {

    private final GroupConfigManager manager = manager();
    private final GroupConfigs configs = new GroupConfigs(manager, new QuietEvents());

    @Test
    void aGroupsConfigurationReachesTheCoordinatorAndGoesAgain() {
        configs.show(catalog(Map.of("consumer.heartbeat.interval.ms", "7000")));

        GroupConfig known = manager.groupConfig("g").orElseThrow();
        assertThat(known.consumerHeartbeatIntervalMs()).isEqualTo(7_000);
        assertThat(known.consumerSessionTimeoutMs()).isEqualTo(50_000);

        configs.show(Catalog.of("c", 1, 2, List.of()));
        assertThat(manager.groupConfig("g")).isEmpty();
    }

    @Test
    void aValueOutsideOfTheServicesBoundsIsTheNearestInside() {
        configs.show(catalog(Map.of("consumer.heartbeat.interval.ms", "1")));

        assertThat(manager.groupConfig("g").orElseThrow().consumerHeartbeatIntervalMs())
                .isEqualTo(5_000);
    }

    @Test
    void everyConfigurationThatTheCatalogTakesIsKnownToTheCoordinator() {
        Map<String, String> defaults = ResourceConfigs.all(Resource.Kind.GROUP).stream()
                .collect(Collectors.toMap(ConfigDefinition::name, ConfigDefinition::defaultValue));
        Map<String, String> changed = new HashMap<>(defaults);
        changed.put("streams.num.standby.replicas", "2");

        configs.show(catalog(changed));

        assertThat(manager.groupConfig("g").orElseThrow().streamsNumStandbyReplicas())
                .isEqualTo(2);
        assertThat(GroupConfig.configNames()).containsAll(defaults.keySet());
    }

    @Test
    void blanksAroundAValueDoNotMatter() {
        configs.show(catalog(Map.of("consumer.session.timeout.ms", " 55000 ")));

        assertThat(manager.groupConfig("g").orElseThrow().consumerSessionTimeoutMs())
                .isEqualTo(55_000);
    }

    @Test
    void aGroupWhoseConfigurationCannotBeReadHasTheDefaultsAndHindersNoOther() {
        configs.show(catalog(Map.of("consumer.heartbeat.interval.ms", "7000")));

        configs.show(Catalog.of(
                "c",
                1,
                2,
                List.of(),
                Map.of(
                        new Resource(Resource.Kind.GROUP, "g"),
                        Map.of("consumer.heartbeat.interval.ms", "soon"),
                        new Resource(Resource.Kind.GROUP, "h"),
                        Map.of("consumer.heartbeat.interval.ms", "8000"))));

        assertThat(manager.groupConfig("g")).isEmpty();
        assertThat(manager.groupConfig("h").orElseThrow().consumerHeartbeatIntervalMs())
                .isEqualTo(8_000);
    }

    private static Catalog catalog(Map<String, String> configs) {
        return Catalog.of("c", 1, 1, List.of(), Map.of(new Resource(Resource.Kind.GROUP, "g"), configs));
    }

    private static GroupConfigManager manager() {
        AbstractConfig config = new AbstractConfig(
                Utils.mergeConfigs(List.of(GroupCoordinatorConfig.CONFIG_DEF, ShareGroupConfig.CONFIG_DEF)),
                Map.of("group.consumer.session.timeout.ms", "50000"),
                false);
        GroupCoordinatorConfig group = new GroupCoordinatorConfig(config);
        ShareGroupConfig share = new ShareGroupConfig(config);
        return new GroupConfigManager(group.extractGroupConfigMap(share), group, share);
    }
}
