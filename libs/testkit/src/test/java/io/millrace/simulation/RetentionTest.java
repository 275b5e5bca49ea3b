package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.Command.ConfigChange.Operation;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.Topic;
import io.millrace.model.Watermarks;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Retention through the whole store: checked at intervals, decided in a round, durable like everything else.
final class RetentionTest {

    private static final long START = 1_700_000_000_000L;
    private static final Duration CHECK = Duration.ofSeconds(10);

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(17));
    private final StoreRig rig = StoreRig.open(disk, StoreRig.smallOptions(), new SimulatedClock(START), 1);

    RetentionTest() throws IOException {}

    private PartitionId create(String name, Map<String, String> configs) {
        return new PartitionId(rig.createTopic(name, 1, configs).id(), 0);
    }

    private void append(PartitionId partition, int count) {
        for (int i = 0; i < count; i++) {
            rig.append(
                    partition,
                    batch().withRecord(rig.clock().millis(), "x".repeat(20_000)).build());
        }
    }

    private void alter(PartitionId partition, String name, String value) {
        assertThat(rig.execute(new Command.AlterTopicConfigs(
                        partition.topicId(),
                        List.of(new ConfigChange(name, Operation.SET, value)),
                        Command.Mode.EXECUTE)))
                .isInstanceOf(CommandOutcome.TopicStored.class);
    }

    private void check() {
        rig.clock().advance(CHECK);
        rig.commitAll();
    }

    private Watermarks watermarks(PartitionId partition) {
        return rig.store().watermarks(partition).orElseThrow();
    }

    @Test
    void aClockThatWasWrongForAMomentLetsNothingExpireAndRetentionGoesOn() {
        PartitionId partition = create("t", Map.of("retention.ms", "60000"));
        append(partition, 3);
        rig.clock().setMillis(START + Duration.ofDays(365).toMillis());
        rig.createTopic("meanwhile", 1);
        rig.clock().setMillis(START + 1_000);

        check();
        assertThat(watermarks(partition).logStartOffset()).isZero();

        rig.clock().advance(Duration.ofSeconds(60));
        check();
        assertThat(watermarks(partition).logStartOffset()).isEqualTo(3);
    }

    @Test
    void oldRecordsGoAndTheirSegmentsWithThem() throws IOException {
        PartitionId partition = create("t", Map.of("retention.ms", "60000"));
        append(partition, 30);
        long segments = rig.store().status().segments().size();
        rig.clock().advance(Duration.ofSeconds(55));
        append(partition, 10);

        check();
        rig.keepUp();

        assertThat(watermarks(partition).logStartOffset()).isEqualTo(30);
        assertThat(rig.read(partition, 29)).isInstanceOf(ReadOutcome.OutOfRange.class);
        assertThat(((ReadOutcome.Batches) rig.read(partition, 30)).batches()).hasSize(10);
        assertThat(rig.store().status().segments().size()).isLessThan((int) segments);
    }

    @Test
    void theLogStartStaysWhereRetentionMovedIt() throws IOException {
        PartitionId partition = create("t", Map.of("retention.bytes", "100000"));
        append(partition, 30);
        check();
        long start = watermarks(partition).logStartOffset();
        assertThat(start).isBetween(20L, 25L);

        rig.reopen(disk.afterCrash());

        assertThat(watermarks(partition).logStartOffset()).isEqualTo(start);
        alter(partition, "retention.bytes", "-1");
        check();
        assertThat(watermarks(partition)).isEqualTo(new Watermarks(start, 30, 30, 2));
        assertThat(rig.store().sizeInBytes(partition).orElseThrow()).isBetween(100_000L, 130_000L);
    }

    @Test
    void aChangedConfigurationCountsFromTheNextCheckOn() {
        PartitionId partition = create("t", Map.of());
        append(partition, 30);
        rig.clock().advance(Duration.ofDays(6));
        rig.commitAll();
        assertThat(watermarks(partition).logStartOffset()).isZero();

        alter(partition, "retention.ms", "1000");
        check();

        assertThat(watermarks(partition).logStartOffset()).isEqualTo(30);
        assertThat(rig.events().rounds().getLast().expiredBytes()).isGreaterThan(600_000);
    }

    @Test
    void theDefaultIsSevenDays() {
        PartitionId partition = create("t", Map.of());
        append(partition, 1);
        rig.clock().advance(Duration.ofDays(7));
        rig.commitAll();
        assertThat(watermarks(partition).logStartOffset()).isZero();

        check();

        assertThat(watermarks(partition).logStartOffset()).isEqualTo(1);
    }

    @Test
    void onlyTopicsWithTheDeletePolicyAreCut() {
        Map<String, String> tight = Map.of("retention.ms", "1", "retention.bytes", "1");
        PartitionId compacted = create("c", with(tight, "compact"));
        PartitionId kept = create("k", with(tight, ""));
        PartitionId both = create("b", with(tight, "compact,delete"));
        append(compacted, 2);
        append(kept, 2);
        append(both, 2);

        check();

        assertThat(watermarks(compacted).logStartOffset()).isZero();
        assertThat(watermarks(kept).logStartOffset()).isZero();
        assertThat(watermarks(both).logStartOffset()).isEqualTo(2);
    }

    private static Map<String, String> with(Map<String, String> configs, String policy) {
        Map<String, String> more = new HashMap<>(configs);
        more.put("cleanup.policy", policy);
        return more;
    }

    @Test
    void aTopicThatIsDeletedInTheSameRoundIsLeftAlone() {
        PartitionId partition = create("t", Map.of("retention.ms", "1"));
        append(partition, 2);
        rig.clock().advance(CHECK);

        CommandOutcome deleted = rig.execute(new Command.DeleteTopic(partition.topicId()));

        assertThat(deleted).isEqualTo(new CommandOutcome.TopicDeleted(partition.topicId()));
        assertThat(rig.store().watermarks(partition)).isEmpty();
    }

    @Test
    void whatIsAppendedInTheRoundOfTheCheckStays() {
        PartitionId partition = create("t", Map.of("retention.ms", "1"));
        append(partition, 2);
        rig.clock().advance(CHECK);

        append(partition, 1);

        assertThat(watermarks(partition)).isEqualTo(new Watermarks(2, 3, 3, 1));
    }

    @Test
    void manyPartitionsAreLookedAtInSlices() {
        Topic many = rig.createTopic("many", 900, Map.of("retention.ms", "1"));
        for (int i = 0; i < 900; i++) {
            rig.append(new PartitionId(many.id(), i), batch().build());
        }
        rig.clock().advance(CHECK);

        rig.store().commitIfDue();
        long first = expiredPartitions(many);
        rig.store().commitIfDue();

        assertThat(first).isEqualTo(500);
        assertThat(expiredPartitions(many)).isEqualTo(900);
    }

    private long expiredPartitions(Topic topic) {
        long expired = 0;
        for (int i = 0; i < topic.partitionCount(); i++) {
            expired += watermarks(new PartitionId(topic.id(), i)).logStartOffset();
        }
        return expired;
    }

    @Test
    void retentionFreesSpaceOnAFullDisk() throws IOException {
        PartitionId partition = create("t", Map.of("retention.ms", "60000"));
        disk.limitCapacity(700 * 1024);
        append(partition, 50);
        assertThat(rig.store().status().isDiskFull()).isTrue();
        long end = watermarks(partition).highWatermark();
        assertThat(end).isLessThan(50);
        rig.clock().advance(Duration.ofSeconds(61));

        rig.commitAll();
        rig.keepUp();
        append(partition, 1);

        assertThat(watermarks(partition)).isEqualTo(new Watermarks(end, end + 1, end + 1, 1));
    }
}
