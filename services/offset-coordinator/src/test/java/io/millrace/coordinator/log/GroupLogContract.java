package io.millrace.coordinator.log;

import static io.millrace.coordinator.log.LogUnderTest.append;
import static io.millrace.coordinator.log.LogUnderTest.contents;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What [GroupLog] promises, shown for each implementation.
abstract sealed class GroupLogContract permits GroupLogOnFilesTest, MemoryGroupLogTest, SimulatedGroupLogTest {

    private GroupLogRig rig;
    private LogUnderTest log;

    abstract GroupLogRig rig() throws Exception;

    @BeforeEach
    void open() throws Exception {
        rig = rig();
        log = rig.owner();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    @Test
    void anEmptyShardHasNothing() throws Exception {
        LoadedShard loaded = log.takeOver();

        assertThat(loaded.entries()).isEmpty();
        assertThat(loaded.nextSequence()).isPositive();
        assertThat(loaded.tenure().epoch()).isPositive();
        assertThat(loaded.tenure().shard()).isEqualTo(LogUnderTest.SHARD);
    }

    @Test
    void aLoadSaysTheLastValueOfEachKeyThatIsLeft() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        log.appendDurably(tenure, "a=1", "b=1", "c=1");
        log.appendDurably(tenure, "a=2", "b=");

        LoadedShard again = rig.owner().takeOver();

        assertThat(contents(again)).isEqualTo(Map.of("a", "2", "c", "1"));
    }

    @Test
    void theLargestBatchIsTakenAndThereAtALoad() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        String value = "v".repeat(log.log().batchBytesMax() - "a=".length());
        log.appendDurably(tenure, "a=" + value);

        assertThat(contents(rig.afterCrash().takeOver())).isEqualTo(Map.of("a", value));
    }

    @Test
    void entriesComeInTheOrderInWhichTheyWereWritten() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        log.appendDurably(tenure, "a=1", "b=1");
        log.appendDurably(tenure, "c=1", "a=2");

        LoadedShard again = rig.owner().takeOver();

        assertThat(again.entries()).extracting(GroupEntry::sequence).isSorted().doesNotHaveDuplicates();
        assertThat(again.entries()).extracting(entry -> (char) entry.key()[0]).containsExactly('b', 'c', 'a');
    }

    @Test
    void sequencesGoOnWithoutAGapAndBehindALoadEverythingIsLater() throws Exception {
        LoadedShard first = log.takeOver();
        Admission one = append(first.tenure(), "a=1", "b=1");
        Admission two = append(first.tenure(), "a=2");
        log.appendDurably(first.tenure(), "c=1");
        LoadedShard second = rig.owner().takeOver();

        assertThat(one).isEqualTo(new Admission.Accepted(first.nextSequence() + 2));
        assertThat(two).isEqualTo(new Admission.Accepted(first.nextSequence() + 3));
        assertThat(second.nextSequence()).isGreaterThanOrEqualTo(first.nextSequence() + 4);
        assertThat(second.tenure().epoch()).isGreaterThan(first.tenure().epoch());
    }

    @Test
    void whatIsHeldUpIsNotReportedAndComesInOrder() throws Exception {
        LoadedShard loaded = log.takeOver();
        rig.hold();
        append(loaded.tenure(), "a=1");
        append(loaded.tenure(), "a=2");
        append(loaded.tenure(), "a=3");

        assertThat(log.events()).isEmpty();
        rig.release();
        long end = loaded.nextSequence() + 3;
        log.await(events -> events.contains("durable " + end));

        assertThat(log.events())
                .filteredOn(event -> !event.startsWith("folded "))
                .isSorted()
                .allMatch(event -> event.startsWith("durable "));
        assertThat(contents(rig.owner().takeOver())).isEqualTo(Map.of("a", "3"));
    }

    @Test
    void aCrashKeepsWhatWasReportedAndOfTheRestWholeBatches() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        log.appendDurably(tenure, "a=1", "b=1");
        rig.hold();
        append(tenure, "a=2", "b=2");

        Map<String, String> found = contents(rig.afterCrash().takeOver());

        assertThat(found).isIn(Map.of("a", "1", "b", "1"), Map.of("a", "2", "b", "2"));
    }

    @Test
    void afterABatchThatFailedNothingLaterIsReported() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        log.appendDurably(tenure, "a=1");
        rig.fail();
        append(tenure, "a=2");
        log.awaitLost();
        rig.heal();

        assertThat(append(tenure, "a=3")).isInstanceOf(Admission.Resigned.class);
        assertThat(log.events()).containsOnlyOnce("lost");
        assertThat(log.events()).last().isEqualTo("lost");
        assertThat(contents(rig.owner().takeOver()).get("a")).isIn("1", "2");
    }

    @Test
    void aShardIsTakenOverAgainAfterAFailureAndGoesOn() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        rig.fail();
        append(tenure, "a=1");
        log.awaitLost();
        rig.heal();

        LoadedShard again = log.takeOver();
        log.appendDurably(again.tenure(), "b=1");

        assertThat(contents(rig.afterCrash().takeOver())).containsEntry("b", "1");
    }

    @Test
    void aBatchThatNeverBecomesDurableLosesTheShardWhenTheTimeIsOver() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        rig.hold();
        append(tenure, "a=1");

        rig.passTime(GroupLogRig.PUT_TIMEOUT.minusMillis(1));
        log.log().keepUp();
        assertThat(log.events()).isEmpty();
        rig.passTime(GroupLogRig.PUT_TIMEOUT);
        log.log().keepUp();

        assertThat(log.events()).containsExactly("lost");
        assertThat(append(tenure, "a=2")).isInstanceOf(Admission.Resigned.class);
        rig.release();
        assertThat(log.events()).containsExactly("lost");
    }

    @Test
    void timeWithoutAnythingUnderWayDoesNotCount() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        log.appendDurably(tenure, "a=1");
        rig.passTime(GroupLogRig.PUT_TIMEOUT.multipliedBy(2));
        log.log().keepUp();
        rig.hold();
        append(tenure, "a=2");

        log.log().keepUp();
        rig.release();
        log.appendDurably(tenure, "a=3");

        assertThat(log.events()).doesNotContain("lost");
    }

    @Test
    void whatAFormerOwnerAppendsIsNeverThere() throws Exception {
        ShardTenure former = log.takeOver().tenure();
        log.appendDurably(former, "a=1");
        LogUnderTest other = rig.owner();
        ShardTenure owner = other.takeOver().tenure();

        append(former, "a=stale");
        log.awaitLost();
        other.appendDurably(owner, "b=1");

        assertThat(other.events()).doesNotContain("lost");
        assertThat(contents(rig.owner().takeOver())).isEqualTo(Map.of("a", "1", "b", "1"));
    }

    @Test
    void whatAFormerOwnerHadUnderWayIsInEveryLaterLoadOrInNone() throws Exception {
        ShardTenure former = log.takeOver().tenure();
        log.appendDurably(former, "a=1");
        rig.hold();
        append(former, "a=late");
        rig.release();
        LogUnderTest other = rig.owner();
        LoadedShard loaded = other.takeOver();
        other.appendDurably(loaded.tenure(), "b=1");

        Map<String, String> later = contents(rig.owner().takeOver());

        assertThat(later.get("a")).isEqualTo(contents(loaded).get("a"));
        assertThat(later).containsEntry("b", "1");
    }

    @Test
    void aFormerOwnerThatAppendedNothingKnowsThatItIsNotCurrent() throws Exception {
        ShardTenure former = log.takeOver().tenure();
        assertThat(former.isCurrent().get()).isTrue();
        ShardTenure owner = rig.owner().takeOver().tenure();

        assertThat(former.isCurrent().get()).isFalse();
        assertThat(owner.isCurrent().get()).isTrue();
    }

    @Test
    void anOwnerThatTakesItsOwnShardAgainHasResignedBefore() throws Exception {
        ShardTenure former = log.takeOver().tenure();

        ShardTenure again = log.takeOver().tenure();

        assertThat(append(former, "a=1")).isInstanceOf(Admission.Resigned.class);
        assertThat(former.isCurrent().get()).isFalse();
        assertThat(log.events()).isEmpty();
        log.appendDurably(again, "a=2");
    }

    @Test
    void whoResignsHearsNothingMore() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        rig.hold();
        append(tenure, "a=1");

        tenure.resign();
        rig.release();
        rig.owner().takeOver();

        assertThat(append(tenure, "a=2")).isInstanceOf(Admission.Resigned.class);
        assertThat(log.events()).isEmpty();
    }

    @Test
    void shardsHaveNothingToDoWithEachOther() throws Exception {
        ShardTenure one = log.takeOver(1).tenure();
        ShardTenure two = log.takeOver(2).tenure();
        log.appendDurably(one, "a=1", "b=1", "c=1", "d=1");
        log.appendDurably(two, "a=2");
        LogUnderTest other = rig.owner();

        assertThat(contents(other.takeOver(1))).hasSize(4);
        assertThat(two.isCurrent().get()).isTrue();
        assertThat(contents(other.takeOver(2))).isEqualTo(Map.of("a", "2"));
        assertThat(contents(other.takeOver(0))).isEmpty();
    }

    @Test
    void whatIsUnderWayHasABound() throws Exception {
        ShardTenure tenure = log.takeOver().tenure();
        String value = "a=" + "v".repeat(GroupLogRig.IN_FLIGHT_BYTES_MAX - 100);
        rig.hold();

        Admission first = append(tenure, value);
        Admission tooMuch = append(tenure, value);
        rig.release();
        log.await(events -> !events.isEmpty());
        Admission later = append(tenure, value);

        assertThat(first).isInstanceOf(Admission.Accepted.class);
        assertThat(tooMuch).isInstanceOf(Admission.Busy.class);
        assertThat(later).isInstanceOf(Admission.Accepted.class);
    }

    /// Owners come and go, each appends a while: nothing that was reported is ever missing.
    @Test
    void whatWasReportedSurvivesAnyChangeOfOwners() throws Exception {
        SplittableRandom random = new SplittableRandom(20_261_126);
        Map<String, String> expected = new HashMap<>();
        for (int round = 0; round < 20; round++) {
            LogUnderTest owner = random.nextInt(5) == 0 ? rig.afterCrash() : rig.owner();
            LoadedShard loaded = owner.takeOver();
            assertThat(contents(loaded)).isEqualTo(expected);
            int batches = random.nextInt(12);
            for (int i = 0; i < batches; i++) {
                String key = "k" + random.nextInt(6);
                String value = random.nextInt(4) == 0 ? "" : round + "." + i;
                owner.appendDurably(loaded.tenure(), key + "=" + value, "last=" + value + "!");
                expected.put(key, value);
                expected.put("last", value + "!");
                expected.values().removeIf(String::isEmpty);
            }
        }
    }
}
