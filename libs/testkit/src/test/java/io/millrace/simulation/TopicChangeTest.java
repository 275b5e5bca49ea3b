package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.CatalogNews;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.PartitionNews;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.store.RoundReport;
import io.millrace.testkit.SimulatedClock;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a change of a topic means for the batches beside it.
final class TopicChangeTest {

    private final StoreRig rig = StoreRig.open(
            new SimulatedDisk(new SplittableRandom(29)), StoreRig.roomyOptions(), new SimulatedClock(1_000_000), 29);
    private final Topic topic = rig.createTopic("t", 2);
    private final PartitionId partition = new PartitionId(topic.id(), 0);

    TopicChangeTest() throws IOException {}

    private CompletableFuture<AppendOutcome> sendTwoKilobytes() {
        return rig.session().append(partition, batch().withValueBytes(2_000).build());
    }

    private CompletableFuture<CommandOutcome> limitBatches(String bytesMax) {
        ConfigChange change = new ConfigChange("max.message.bytes", ConfigChange.Operation.SET, bytesMax);
        return rig.store().execute(new Command.AlterTopicConfigs(topic.id(), List.of(change), Command.Mode.EXECUTE));
    }

    private static Refusal refusal(CompletableFuture<AppendOutcome> answer) {
        return ((AppendOutcome.Refused) answer.join()).refusal();
    }

    @Test
    void aNewLimitCountsForTheBatchesBehindItInTheSameRound() {
        CompletableFuture<AppendOutcome> before = sendTwoKilobytes();
        var limited = limitBatches("1000");
        CompletableFuture<AppendOutcome> behind = sendTwoKilobytes();
        rig.store().commitIfDue();

        assertThat(before.join()).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(limited.join()).isInstanceOf(CommandOutcome.TopicStored.class);
        assertThat(refusal(behind)).isEqualTo(Refusal.RECORD_TOO_LARGE);
    }

    @Test
    void aNewLimitCountsForLaterRounds() {
        CompletableFuture<AppendOutcome> first = sendTwoKilobytes();
        rig.commitAll();
        var _ = limitBatches("1000");
        rig.commitAll();

        CompletableFuture<AppendOutcome> later = sendTwoKilobytes();
        rig.commitAll();
        var _ = limitBatches("3000");
        rig.commitAll();
        CompletableFuture<AppendOutcome> last = sendTwoKilobytes();
        rig.commitAll();

        assertThat(first.join()).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(refusal(later)).isEqualTo(Refusal.RECORD_TOO_LARGE);
        assertThat(last.join()).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void moreReplicasInSyncThanThereAreIsRefused() {
        CommandOutcome refused = rig.execute(
                new Command.CreateTopic("careful", 1, 1, Map.of("min.insync.replicas", "2"), Command.Mode.EXECUTE));

        assertThat(refused)
                .isInstanceOfSatisfying(
                        CommandOutcome.Refused.class,
                        outcome -> assertThat(outcome.refusal()).isEqualTo(Refusal.INVALID_CONFIG));
    }

    @Test
    void aTopicThatIsDeletedInTheRoundOfItsLastBatchIsNotToldOfAnyMore() {
        CompletableFuture<AppendOutcome> appended = sendTwoKilobytes();
        var deleted = rig.store().execute(new Command.DeleteTopic(topic.id()));
        rig.store().commitIfDue();

        RoundReport round = rig.events().rounds().getLast();
        assertThat(appended.join()).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(deleted.join()).isInstanceOf(CommandOutcome.TopicDeleted.class);
        assertThat(round.catalog())
                .singleElement()
                .isInstanceOfSatisfying(
                        CatalogNews.TopicDeleted.class,
                        gone -> assertThat(gone.topicId()).isEqualTo(topic.id()));
        assertThat(round.partitions()).extracting(PartitionNews::partitionId).isEmpty();
    }
}
