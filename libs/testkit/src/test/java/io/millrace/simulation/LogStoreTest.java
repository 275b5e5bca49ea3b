package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.testkit.SimulatedDisk;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LogStoreTest {

    private final SimulatedDisk disk = new SimulatedDisk(new SplittableRandom(7));
    private StoreRig rig;
    private PartitionId partition;

    LogStoreTest() throws IOException {
        rig = StoreRig.open(disk);
        partition = new PartitionId(rig.createTopic("t", 2).id(), 0);
    }

    @BeforeEach
    void nothingIsPending() {
        assertThat(rig.store().status().queuedCount()).isZero();
    }

    @Test
    void whatWasAppendedIsReadBackByteForByte() throws IOException {
        RecordBatch sent = batch().withRecords(3).build();

        assertThat(rig.append(partition, sent)).isEqualTo(new AppendOutcome.Appended(0, 0, -1));
        assertThat(rig.append(partition, sent)).isEqualTo(new AppendOutcome.Appended(3, 0, -1));

        ReadOutcome.Batches read = (ReadOutcome.Batches) rig.read(partition, 4);
        assertThat(read.batches()).hasSize(1);
        assertThat(read.batches().getFirst().buffer())
                .isEqualTo(sent.placedAt(3, 1).buffer());
        assertThat(read.watermarks().highWatermark()).isEqualTo(6);
    }

    @Test
    void aReadBehindTheEndOrBeforeTheStartIsOutOfRange() throws IOException {
        rig.append(partition, batch().withRecords(3).build());

        assertThat(rig.read(partition, 3))
                .isInstanceOfSatisfying(
                        ReadOutcome.Batches.class,
                        read -> assertThat(read.batches()).isEmpty());
        assertThat(rig.read(partition, 4)).isInstanceOf(ReadOutcome.OutOfRange.class);
        assertThat(rig.read(partition, -1)).isInstanceOf(ReadOutcome.OutOfRange.class);
    }

    @Test
    void theFirstBatchIsAnsweredWholeAndTheLimitHoldsForTheRest() throws IOException {
        for (int i = 0; i < 4; i++) {
            rig.append(partition, batch().withValueBytes(1_000).build());
        }

        assertThat(readCount(0)).isEqualTo(1);
        assertThat(readCount(2_500)).isEqualTo(2);
    }

    private int readCount(int maxBytes) throws IOException {
        ReadOutcome outcome = rig.store().read(new ReadRequest(partition, 0, maxBytes));
        return ((ReadOutcome.Batches) outcome).batches().size();
    }

    @Test
    void everythingIsThereAfterARestart() throws IOException {
        rig.append(partition, batch().fromProducer(7).withRecords(3).build());
        Topic compacted = rig.createTopic("c", 1, Map.of("cleanup.policy", "compact"));
        rig.execute(new Command.AllocateProducerIds(1_000));

        rig.reopen(disk.afterProcessCrash());

        assertThat(rig.store().catalog().topic("c")).contains(compacted);
        assertThat(rig.store().watermarks(partition)).hasValueSatisfying(watermarks -> {
            assertThat(watermarks.highWatermark()).isEqualTo(3);
            assertThat(watermarks.leaderEpoch()).isEqualTo(2);
        });
        assertThat(rig.append(partition, batch().fromProducer(7).withRecords(3).build()))
                .isEqualTo(new AppendOutcome.Duplicate(0, 0));
        assertThat(rig.append(partition, batch().fromProducer(7).withSequence(3).build()))
                .isEqualTo(new AppendOutcome.Appended(3, 0, -1));
        assertThat(rig.execute(new Command.AllocateProducerIds(10)))
                .isEqualTo(new CommandOutcome.ProducerIds(1_000, 10));
    }

    @Test
    void aCleanShutdownIsRecognized() throws IOException {
        rig.append(partition, batch().build());
        rig.store().close();

        rig.reopen(disk.afterCrash());

        assertThat(rig.store().status().recovery().wasClean()).isTrue();
        assertThat(rig.store().watermarks(partition).orElseThrow().highWatermark())
                .isEqualTo(1);
    }

    // Trap 1: decide sees the not yet durable batches of its own round.
    @Test
    void batchesOfOneRoundAreDecidedAgainstEachOther() {
        int roundsBefore = rig.events().rounds().size();
        var first = rig.session()
                .append(partition, batch().fromProducer(7).withSequence(0).build());
        var second = rig.session()
                .append(partition, batch().fromProducer(7).withSequence(1).build());
        var retried = rig.session()
                .append(partition, batch().fromProducer(7).withSequence(1).build());
        var gap = rig.session()
                .append(partition, batch().fromProducer(7).withSequence(3).build());

        rig.commitAll();

        assertThat(rig.events().rounds()).hasSize(roundsBefore + 1);
        assertThat(first.join()).isEqualTo(new AppendOutcome.Appended(0, 0, -1));
        assertThat(second.join()).isEqualTo(new AppendOutcome.Appended(1, 0, -1));
        assertThat(retried.join()).isEqualTo(new AppendOutcome.Duplicate(1, 0));
        assertThat(refusal(gap)).isEqualTo(Refusal.OUT_OF_ORDER_SEQUENCE);
    }

    @Test
    void aTopicIsKnownAndGoneWithinItsOwnRound() {
        var created = rig.store().execute(new Command.CreateTopic("n", -1, -1, Map.of(), Command.Mode.EXECUTE));
        var again = rig.store().execute(new Command.CreateTopic("n", 1, 1, Map.of(), Command.Mode.EXECUTE));
        var deleted = rig.store().execute(new Command.DeleteTopic(partition.topicId()));
        var late = rig.session().append(partition, batch().build());

        rig.commitAll();

        assertThat(created.join()).isInstanceOf(CommandOutcome.TopicStored.class);
        assertThat(again.join())
                .isInstanceOfSatisfying(
                        CommandOutcome.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.TOPIC_EXISTS));
        assertThat(deleted.join()).isEqualTo(new CommandOutcome.TopicDeleted(partition.topicId()));
        assertThat(refusal(late)).isEqualTo(Refusal.UNKNOWN_TOPIC);
    }

    // Trap 2: pipelined appends do not overtake each other.
    @Test
    void appendsOfOneSessionKeepTheirOrder() {
        List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(rig.session()
                    .append(partition, batch().withValueBytes(3_000).build()));
        }

        rig.commitAll();

        assertThat(rig.events().rounds().size()).isGreaterThan(3);
        for (int i = 0; i < 100; i++) {
            assertThat(answers.get(i).join()).isEqualTo(new AppendOutcome.Appended(i, 0, -1));
        }
    }

    @Test
    void aNewSessionDropsWhatTheOldOneHadNotDecided() {
        var dropped = rig.session().append(partition, batch().build());
        var newer = rig.store().openSession("ingest-0");
        var kept = newer.append(partition, batch().build());

        rig.commitAll();

        assertThat(dropped.join()).isInstanceOf(AppendOutcome.Unknown.class);
        assertThat(kept.join()).isEqualTo(new AppendOutcome.Appended(0, 0, -1));
        assertThat(rig.session().append(partition, batch().build()).join()).isInstanceOf(AppendOutcome.Refused.class);
    }

    @Test
    void logAppendTimeIsTheRoundsAndLeavesAValidChecksum() throws IOException {
        Topic topic = rig.createTopic("l", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        PartitionId stamped = new PartitionId(topic.id(), 0);
        rig.clock().advance(Duration.ofSeconds(5));

        AppendOutcome outcome = rig.append(stamped, batch().withRecords(2).build());

        long now = rig.clock().millis();
        assertThat(outcome).isEqualTo(new AppendOutcome.Appended(0, 0, now));
        RecordBatch stored =
                ((ReadOutcome.Batches) rig.read(stamped, 0)).batches().getFirst();
        assertThat(stored.maxTimestamp()).isEqualTo(now);
        assertThat(stored.isLogAppendTime()).isTrue();
        assertThat(stored.hasValidChecksum()).isTrue();
    }

    @Test
    void theTimeOfRoundsNeverGoesBack() {
        rig.createTopic("l", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        PartitionId stamped =
                new PartitionId(rig.store().catalog().topic("l").orElseThrow().id(), 0);
        long before = rig.clock().millis();
        rig.clock().setMillis(before - 60_000);

        assertThat(rig.append(stamped, batch().build())).isEqualTo(new AppendOutcome.Appended(0, 0, before));
    }

    @Test
    void badBatchesAreRefusedWithoutATrace() {
        ByteBuffer damaged = ByteBuffer.allocate(batch().build().sizeInBytes())
                .put(batch().build().buffer())
                .flip();
        damaged.put(damaged.limit() - 1, (byte) 9);

        assertThat(refusal(rig.session().append(partition, RecordBatch.view(damaged))))
                .isEqualTo(Refusal.CORRUPT_BATCH);
        assertThat(refusal(
                        rig.session().append(partition, batch().transactional().build())))
                .isEqualTo(Refusal.INVALID_RECORD);
        assertThat(refusal(rig.session().append(new PartitionId(new TopicId(1, 1), 0), batch().build())))
                .isEqualTo(Refusal.UNKNOWN_TOPIC);
        assertThat(refusal(rig.session().append(new PartitionId(partition.topicId(), 2), batch().build())))
                .isEqualTo(Refusal.UNKNOWN_PARTITION);
        assertThat(refusal(rig.session()
                        .append(partition, batch().withValueBytes(65_600).build())))
                .isEqualTo(Refusal.RECORD_TOO_LARGE);
        assertThat(rig.store().watermarks(partition).orElseThrow().highWatermark())
                .isZero();
    }

    @Test
    void aFullQueueRefusesInsteadOfGrowing() {
        List<CompletableFuture<AppendOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            answers.add(rig.session().append(partition, batch().build()));
        }

        assertThat(refusal(rig.session().append(partition, batch().build()))).isEqualTo(Refusal.OVERLOADED);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isInstanceOf(AppendOutcome.Appended.class));
    }

    private Refusal refusal(CompletableFuture<AppendOutcome> answer) {
        rig.commitAll();
        return ((AppendOutcome.Refused) answer.join()).refusal();
    }
}
