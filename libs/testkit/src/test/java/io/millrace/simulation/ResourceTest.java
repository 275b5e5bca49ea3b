package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Command.ConfigChange.Operation;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.Refusal;
import io.millrace.model.Resource;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Groups, client metrics and quotas keep what they were configured to.
final class ResourceTest {

    private static final Resource GROUP = new Resource(Resource.Kind.GROUP, "g");
    private static final Map<Resource.Kind, ConfigChange> LEGAL = Map.of(
            Resource.Kind.GROUP, set("consumer.session.timeout.ms", "50000"),
            Resource.Kind.CLIENT_METRICS, set("interval.ms", "1000"),
            Resource.Kind.CLIENT_QUOTA, set("producer_byte_rate", "1000.0"));

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(7));
    private StoreRig rig;

    ResourceTest() throws IOException {
        rig = StoreRig.open(disk);
    }

    @ParameterizedTest
    @EnumSource
    void aConfigurationIsThereAfterACrash(Resource.Kind kind) throws IOException {
        Resource resource = new Resource(kind, "some name");
        ConfigChange change = Objects.requireNonNull(LEGAL.get(kind));
        Map<String, String> configs = Map.of(change.name(), change.value());

        assertThat(alter(resource, change)).isEqualTo(new CommandOutcome.ResourceStored(resource, configs));
        rig.reopen(disk.afterProcessCrash());

        assertThat(rig.store().catalog().configs(resource)).isEqualTo(configs);
    }

    @Test
    void aConfigurationIsThereAfterACheckpoint() throws IOException {
        rig = StoreRig.open(disk, StoreRig.smallOptions(StoreRig.UNSEALED, 10_000), new SimulatedClock(1_000_000), 1);
        PartitionId partition = new PartitionId(rig.createTopic("t", 1).id(), 0);
        alter(GROUP, set("consumer.heartbeat.interval.ms", "6000"));
        rig.append(partition, batch().withValueBytes(20_000).build());
        rig.keepUp();
        assertThat(rig.store().status().checkpointPosition()).isPresent();

        rig.reopen(disk.afterProcessCrash());

        assertThat(rig.store().catalog().configs(GROUP)).isEqualTo(Map.of("consumer.heartbeat.interval.ms", "6000"));
    }

    @Test
    void whatHasNoConfigurationAnyMoreIsForgotten() throws IOException {
        alter(GROUP, set("consumer.session.timeout.ms", "50000"));

        assertThat(alter(GROUP, new ConfigChange("consumer.session.timeout.ms", Operation.DELETE, "")))
                .isEqualTo(new CommandOutcome.ResourceStored(GROUP, Map.of()));

        assertThat(rig.store().catalog().resources()).isEmpty();
        rig.reopen(disk.afterProcessCrash());
        assertThat(rig.store().catalog().resources()).isEmpty();
    }

    @Test
    void changesOfOneRoundSeeEachOther() {
        var first = rig.store().execute(command(GROUP, set("consumer.session.timeout.ms", "50000")));
        var second = rig.store().execute(command(GROUP, set("consumer.heartbeat.interval.ms", "6000")));
        rig.commitAll();

        assertThat(first.join()).isInstanceOf(CommandOutcome.ResourceStored.class);
        assertThat(second.join())
                .isEqualTo(new CommandOutcome.ResourceStored(
                        GROUP,
                        Map.of("consumer.session.timeout.ms", "50000", "consumer.heartbeat.interval.ms", "6000")));
    }

    @Test
    void whatMillraceDoesNotDoIsRefusedAndLeavesNoTrace() {
        List<CommandOutcome> outcomes = new ArrayList<>();
        outcomes.add(alter(GROUP, set("share.session.timeout.ms", "50000")));
        outcomes.add(alter(GROUP, set("consumer.session.timeout.ms", "soon")));
        outcomes.add(alter(GROUP, set("consumer.heartbeat.interval.ms", "1")));
        outcomes.add(alter(GROUP, set("streams.session.timeout.ms", "60001")));
        outcomes.add(alter(GROUP, set("streams.num.standby.replicas", "3")));
        outcomes.add(alter(new Resource(Resource.Kind.CLIENT_METRICS, "m"), set("match", "shoe_size=43")));
        outcomes.add(alter(new Resource(Resource.Kind.CLIENT_QUOTA, "user"), set("producer_byte_rate", "0")));

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                CommandOutcome.Refused.class,
                                refused -> assertThat(refused.refusal()).isEqualTo(Refusal.INVALID_CONFIG)));
        assertThat(rig.store().catalog().resources()).isEmpty();
    }

    @Test
    void aValidationChangesNothing() {
        CommandOutcome outcome = rig.execute(new Command.AlterResource(
                GROUP, List.of(set("consumer.session.timeout.ms", "50000")), Command.Mode.VALIDATE_ONLY));

        assertThat(outcome).isInstanceOf(CommandOutcome.ResourceStored.class);
        assertThat(rig.store().catalog().resources()).isEmpty();
    }

    @Test
    void thereAreNoMoreThanTheConfigurationAllows() {
        for (int i = 0; i < 100; i++) {
            alter(new Resource(Resource.Kind.GROUP, "g" + i), set("consumer.session.timeout.ms", "50000"));
        }

        assertThat(alter(GROUP, set("consumer.session.timeout.ms", "50000")))
                .isInstanceOfSatisfying(
                        CommandOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.POLICY_VIOLATION));
        assertThat(rig.store().catalog().resources()).hasSize(100);
    }

    private CommandOutcome alter(Resource resource, ConfigChange... changes) {
        return rig.execute(command(resource, changes));
    }

    private static Command command(Resource resource, ConfigChange... changes) {
        return new Command.AlterResource(resource, List.of(changes), Command.Mode.EXECUTE);
    }

    private static ConfigChange set(String name, String value) {
        return new ConfigChange(name, Operation.SET, value);
    }
}
