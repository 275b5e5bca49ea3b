package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The file of a segment in which nothing lives becomes another segment, once nobody needs what is in it.
final class RecyclingTest {

    private static final int SEGMENT_BYTES = 256 * 1024;
    private static final int BATCHES_PER_SEGMENT = 4;

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(17));
    private final StoreRig rig = StoreRig.open(disk);
    private final PartitionId partition =
            new PartitionId(rig.createTopic("t", 1).id(), 0);

    RecyclingTest() throws IOException {}

    private void fillSegments(int count) {
        append(count * BATCHES_PER_SEGMENT);
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(rig.append(partition, batch().withValueBytes(60_000).build()))
                    .isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    private void deleteAllRecords() {
        rig.execute(new Command.DeleteRecords(partition, -1));
        rig.keepUp();
    }

    private List<String> namesWith(String suffix) {
        return disk.list().stream().filter(name -> name.endsWith(suffix)).toList();
    }

    @Test
    void oneIsKeptAsThisLogIsConfiguredAndTheOthersAreDeleted() {
        fillSegments(3);

        deleteAllRecords();

        assertThat(namesWith(".freed")).hasSize(1);
        assertThat(namesWith(".segment")).hasSize(2);
    }

    @Test
    void itBecomesTheNextSegmentWithNothingOfTheOldOneInIt() {
        fillSegments(3);
        deleteAllRecords();
        assertThat(namesWith(".freed")).hasSize(1);
        disk.limitCapacity(disk.list().stream()
                .mapToLong(name -> disk.content(name).capacity())
                .sum());

        append(BATCHES_PER_SEGMENT + 1);

        assertThat(namesWith(".freed")).isEmpty();
        ByteBuffer content = disk.content(namesWith(".segment").getLast());
        int written = 4096 + 61_440;
        assertThat(content.slice(written, SEGMENT_BYTES - written))
                .isEqualTo(ByteBuffer.allocate(SEGMENT_BYTES - written));
    }

    @Test
    void aReaderThatIsInTheSegmentMeetsNoOtherBytesThere() throws IOException {
        fillSegments(3);
        disk.beforeNextRead(() -> {
            deleteAllRecords();
            fillSegments(3);
            rig.keepUp();
        });

        ReadOutcome outcome = rig.read(partition, 0);

        assertThat(outcome).isInstanceOf(ReadOutcome.OutOfRange.class);
    }

    @Test
    void aSegmentThatAReaderIsInIsNotUsedAgain() throws IOException {
        fillSegments(1);
        append(1);
        List<Integer> usableMeanwhile = new ArrayList<>();
        disk.beforeNextRead(() -> {
            deleteAllRecords();
            usableMeanwhile.add(namesWith(".freed").size());
        });

        rig.read(partition, 0);

        assertThat(usableMeanwhile).containsExactly(0);
    }

    @Test
    void aSegmentThatNobodyReadsIs() {
        fillSegments(1);
        append(1);

        deleteAllRecords();

        assertThat(namesWith(".freed")).hasSize(1);
    }

    @Test
    void aStartForgetsIt() throws IOException {
        fillSegments(3);
        deleteAllRecords();
        assertThat(namesWith(".freed")).hasSize(1);

        SimulatedDisk afterCrash = disk.afterCrash();
        rig.reopen(afterCrash);

        assertThat(afterCrash.list()).noneMatch(name -> name.endsWith(".freed"));
    }
}
