package io.millrace.store;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.partition.CatalogLimits;
import io.millrace.testkit.PlainBatchCleaner;
import io.millrace.testkit.RecordedEvents;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What happens between the decision of a round and its force.
final class GroupCommitterTest {

    private final RecordedEvents events = new RecordedEvents();
    private final SimulatedClock clock = new SimulatedClock(1_000);
    private final StoreEnvironment environment =
            new StoreEnvironment(clock, clock, new SplittableRandom(1), new PlainBatchCleaner());
    private final StoreRecovery.Result recovered;
    private final HeldCommitLog log;
    private final SubmissionQueue queue = new SubmissionQueue(1 << 20, 100);
    private final GroupCommitter committer;
    private final AppendSession session = queue.openSession("ingest-0");
    private final PartitionId partition;

    GroupCommitterTest() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(1));
        recovered = new StoreRecovery(disk, StoreRig.smallOptions(), environment, events::recoveryProgress).run();
        log = new HeldCommitLog(recovered.log());
        PartitionSweep sweep = new PartitionSweep(
                recovered.state(), Duration.ofMinutes(5), clock, new CompactionChoice(recovered.state()));
        committer = new GroupCommitter(
                queue,
                log,
                new GroupCommitter.Recovered(recovered.state(), recovered.space(), sweep, 0),
                new GroupCommitter.CommitSettings(
                        64 * 1024, 64 * 1024, new CatalogLimits(1, 1, 100, 100), environment, events));
        CompletableFuture<CommandOutcome> created =
                queue.execute(new Command.CreateTopic("t", 1, 1, Map.of(), Command.Mode.EXECUTE));
        commit();
        partition = new PartitionId(
                ((CommandOutcome.TopicStored) created.join()).topic().id(), 0);
    }

    private void commit() throws IOException {
        committer.step();
        log.force();
        committer.step();
    }

    private long highWatermark() {
        return Objects.requireNonNull(recovered.state().find(partition))
                .watermarks()
                .highWatermark();
    }

    @Test
    void aRetryThatArrivesWhileTheFirstCopyIsForcedWaitsForThatForce() throws IOException {
        CompletableFuture<AppendOutcome> first =
                session.append(partition, batch().fromProducer(7).build());
        committer.step();
        CompletableFuture<AppendOutcome> retry =
                session.append(partition, batch().fromProducer(7).build());
        committer.step();

        assertThat(first).isNotDone();
        assertThat(retry).isNotDone();
        assertThat(highWatermark()).isZero();

        log.force();
        committer.step();
        committer.step();

        assertThat(first.join()).isEqualTo(new AppendOutcome.Appended(0, 0, -1));
        assertThat(retry.join()).isEqualTo(new AppendOutcome.Duplicate(0, 0));
    }

    @Test
    void anAppendIsAnsweredOnlyAfterItWasApplied() throws IOException {
        CompletableFuture<Long> highWatermarkWhenAnswered =
                session.append(partition, batch().build()).thenApply(_ -> highWatermark());
        committer.step();
        log.force();
        assertThat(highWatermarkWhenAnswered).isNotDone();

        committer.step();

        assertThat(highWatermarkWhenAnswered.join()).isEqualTo(1);
    }

    @Test
    void theNextRoundIsDecidedOnlyWhenThisOneWasApplied() throws IOException {
        int before = log.roundCount();
        var first = session.append(partition, batch().build());
        committer.step();
        var second = session.append(partition, batch().build());
        committer.step();
        assertThat(log.roundCount()).isEqualTo(before + 1);

        log.force();
        committer.step();
        assertThat(first).isDone();
        assertThat(second).isNotDone();

        commit();
        assertThat(second.join()).isEqualTo(new AppendOutcome.Appended(1, 0, -1));
    }

    @Test
    void theEventOfARoundComesBeforeItsAnswers() throws IOException {
        CompletableFuture<Integer> roundsToldWhenAnswered = session.append(partition, batch().build())
                .thenApply(_ -> events.rounds().size());

        commit();

        assertThat(roundsToldWhenAnswered.join()).isEqualTo(2);
    }
}
