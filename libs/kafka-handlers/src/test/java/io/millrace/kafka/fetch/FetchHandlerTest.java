package io.millrace.kafka.fetch;

import static io.millrace.kafka.fetch.FetchFixture.EPOCH;
import static io.millrace.kafka.fetch.FetchFixture.fetch;
import static io.millrace.kafka.fetch.FetchFixture.partition;
import static io.millrace.kafka.fetch.FetchFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.wire.ClientDetails;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.ReadOutcome;
import io.millrace.model.Refusal;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FetchHandlerTest {

    private final FetchFixture node = new FetchFixture();

    @Test
    void everyVersionAnswersTheStoredBytesAtOnce() {
        node.append(0, "one");
        for (short version : ApiKeys.FETCH.allVersions()) {
            FetchResponse response = node.ask(version, fetch(0, 1).setMaxWaitMs(60_000));

            PartitionData data = only(response);
            assertThat(((MemoryRecords) data.records()).buffer())
                    .isEqualTo(node.first(0).buffer());
            assertThat(data.highWatermark()).isEqualTo(2);
            assertThat(response.sessionId()).isZero();
        }
    }

    @Test
    void whereNothingIsThereItWaitsForTheMaximalWaitAndAnswersEmptyRecords() {
        long started = System.nanoTime();

        FetchResponse response = node.ask(12, fetch(0, 0).setMaxWaitMs(150));

        assertThat(System.nanoTime() - started).isBetween(150_000_000L, 350_000_000L);
        assertThat(only(response).errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(FetchResponse.recordsSize(only(response))).isZero();
    }

    @Test
    void aFetchThatCannotWaitReadsWhatIsCurrent() {
        node.ask(12, fetch(0, 0).setMaxWaitMs(0));
        node.ask(12, fetch(0, 0).setMaxWaitMs(20));

        assertThat(node.currentReads).hasValue(1);
        assertThat(node.reads.get()).isGreaterThan(1);
    }

    @Test
    void newsAnswerAWaitingFetchAtOnce() {
        UniAssertSubscriber<FetchResponse> waiting = node.send(
                        node.handler(), 12, fetch(0, 0).setMaxWaitMs(60_000))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        assertThat(node.waiting()).isEqualTo(1);

        node.append(0, "news");

        FetchResponse response = waiting.awaitItem(Duration.ofSeconds(2)).getItem();
        assertThat(FetchResponse.recordsSize(only(response))).isPositive();
        assertThat(node.reads).hasValue(2);
    }

    @Test
    void itWaitsUntilThereAreAsManyBytesAsTheClientWants() {
        node.append(0, "first");
        int batchBytes = node.first(0).sizeInBytes();
        UniAssertSubscriber<FetchResponse> waiting = node.send(
                        node.handler(), 12, fetch(0, 0).setMaxWaitMs(60_000).setMinBytes(3 * batchBytes))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        node.append(0, "secon");
        node.append(0, "third");

        FetchResponse response = waiting.awaitItem(Duration.ofSeconds(5)).getItem();
        assertThat(FetchResponse.recordsSize(only(response))).isEqualTo(3 * batchBytes);
    }

    @Test
    void aPageThatALimitCutIsNotWaitedOver() {
        node.append(0, "first");
        node.append(0, "secon");
        int limit = node.first(0).sizeInBytes() * 3 / 2;
        FetchRequestData body = fetch(0, 0).setMaxWaitMs(60_000).setMinBytes(limit);
        body.topics().get(0).partitions().get(0).setPartitionMaxBytes(limit);

        FetchResponse response = node.ask(12, body);

        assertThat(FetchResponse.recordsSize(only(response))).isLessThan(limit).isPositive();
        assertThat(node.reads).hasValue(1);
    }

    @Test
    void aSmallPageThatWasReadJustBeforeMoreCameIsNotTakenForCut() {
        node.append(0, "one");
        node.movedBy = 1;

        FetchResponse response = node.ask(12, fetch(0, 0).setMaxWaitMs(50).setMinBytes(1_000));

        assertThat(FetchResponse.recordsSize(only(response))).isPositive();
        assertThat(node.reads.get()).isGreaterThan(1);
    }

    @Test
    void whatACommittedReaderMayNotSeeYetIsNotTakenForCut() {
        node.append(0, "stable");
        node.append(0, "open");
        node.lastStableOffset = 2;

        FetchResponse response = node.ask(
                12, fetch(0, 0).setIsolationLevel((byte) 1).setMaxWaitMs(50).setMinBytes(1_000));

        assertThat(FetchResponse.recordsSize(only(response)))
                .isEqualTo(node.first(0).sizeInBytes());
        assertThat(node.reads.get()).isGreaterThan(1);
    }

    @Test
    void nobodyWaitsForMoreThanTheAnswerMayHold() {
        node.append(0, "one");

        FetchResponse response =
                node.ask(12, fetch(0, 0).setMaxWaitMs(60_000).setMaxBytes(10).setMinBytes(100_000));

        assertThat(FetchResponse.recordsSize(only(response))).isPositive();
        assertThat(node.reads).hasValue(1);
    }

    @Test
    void aFetchReservesNoMoreThanItsPartitionsMayBring() {
        node.append(0, "one");
        FetchRequestData body = fetch(0, 0)
                .setTopics(List.of(topic(
                        partition(0, 0).setPartitionMaxBytes(5_000),
                        partition(1, 0).setPartitionMaxBytes(6_000))));

        node.ask(12, body);

        assertThat(node.lastBytesMax).hasValue(11_000);
    }

    @Test
    void unknownTopicsAndPartitionsAreNamedByTheirOwnErrors() {
        FetchRequestData byName = fetch(0, 0)
                .setMaxWaitMs(60_000)
                .setTopics(List.of(new FetchTopic().setTopic("nobody").setPartitions(List.of(partition(0, 0)))));
        FetchRequestData byId = fetch(0, 0)
                .setMaxWaitMs(60_000)
                .setTopics(
                        List.of(new FetchTopic().setTopicId(new Uuid(9, 9)).setPartitions(List.of(partition(0, 0)))));
        node.broken.put(9, new ReadOutcome.Refused(Refusal.UNKNOWN_PARTITION, "no such partition"));

        assertThat(error(node.ask(12, byName))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(node.ask(13, byId))).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(error(node.ask(13, fetch(-1, 0)))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(node.ask(13, fetch(9, 0)))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aFailedLookUpIsARetriableErrorAndHoldsNoOtherPartitionBack() {
        node.append(1, "there");
        node.isStoreSilent = true;
        node.broken.put(2, new ReadOutcome.Unknown("silence"));
        node.broken.put(3, new ReadOutcome.Refused(Refusal.OVERLOADED, "busy"));
        FetchRequestData body = fetch(0, 0).setMaxWaitMs(60_000).setMinBytes(100_000);
        body.setTopics(List.of(
                new FetchTopic().setTopic("nobody").setPartitions(List.of(partition(0, 0))),
                topic(partition(1, 0), partition(2, 0), partition(3, 0))));

        FetchResponse response = node.ask(12, body);

        assertThat(response.data().responses())
                .flatExtracting(topic -> topic.partitions())
                .extracting(partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(
                        Errors.NOT_LEADER_OR_FOLLOWER,
                        Errors.NONE,
                        Errors.NOT_LEADER_OR_FOLLOWER,
                        Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(node.failedLookUps).hasValue(3);
    }

    @Test
    void anOwnerThatIsBackAfterAPauseIsNoErrorAndOneThatIsNotIs() {
        node.append(0, "one");
        node.readsInVain.set(1);
        assertThat(error(node.ask(12, fetch(0, 0).setMaxWaitMs(60_000)))).isEqualTo(Errors.NONE);
        node.readsInVain.set(2);
        assertThat(error(node.ask(12, fetch(0, 0).setMaxWaitMs(60_000)))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        node.readsInVain.set(1);
        assertThat(error(node.ask(12, fetch(0, 0).setMaxWaitMs(0)))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void outOfRangeIsWhatTheOwnerSays() {
        node.append(0, "one");

        assertThat(error(node.ask(12, fetch(0, 3).setMaxWaitMs(60_000)))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(error(node.ask(12, fetch(0, -1).setMaxWaitMs(60_000)))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
        assertThat(error(node.ask(12, fetch(0, 2)))).isEqualTo(Errors.NONE);
    }

    @Test
    void aClientThatKnowsAnotherEpochIsToldSoBeforeItsOffsetIsJudged() {
        assertThat(error(node.ask(12, withEpoch(EPOCH - 1)))).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(error(node.ask(12, withEpoch(EPOCH + 1)))).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
        assertThat(error(node.ask(12, withEpoch(EPOCH)))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void committedReadersSeeNothingPastTheLastStableOffset() {
        node.append(0, "stable");
        node.append(0, "open");
        node.lastStableOffset = 2;

        PartitionData committed = only(node.ask(12, fetch(0, 0).setIsolationLevel((byte) 1)));
        PartitionData uncommitted = only(node.ask(12, fetch(0, 0)));

        assertThat(FetchResponse.recordsSize(committed)).isEqualTo(node.first(0).sizeInBytes());
        assertThat(committed.abortedTransactions()).isEmpty();
        assertThat(committed.lastStableOffset()).isEqualTo(2);
        assertThat(FetchResponse.recordsSize(uncommitted)).isGreaterThan(FetchResponse.recordsSize(committed));
        assertThat(uncommitted.abortedTransactions()).isNull();
    }

    @Test
    void theFirstBatchComesWholeAndEachPartitionHasItsTurn() {
        for (int partition = 0; partition < 4; partition++) {
            node.append(partition, "x".repeat(500));
        }
        FetchRequestData narrow = fetch(0, 0)
                .setMaxBytes(10)
                .setTopics(List.of(topic(partition(0, 0), partition(1, 0), partition(2, 0), partition(3, 0))));
        FetchHandler handler = node.handler();

        Set<Integer> served = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            FetchResponse response = node.send(handler, 12, narrow).await().atMost(Duration.ofSeconds(5));
            List<Integer> withRecords = response.data().responses().get(0).partitions().stream()
                    .filter(partition -> FetchResponse.recordsSize(partition) > 0)
                    .map(PartitionData::partitionIndex)
                    .toList();
            assertThat(withRecords).hasSize(1);
            served.addAll(withRecords);
        }

        assertThat(served).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aClientIsSentToAFetchNodeOnceAndKeptWhenItComesBack() {
        node.append(0, "one");
        node.client = ClientDetails.unnamed("127.0.0.1", 1, "test").withSoftware("apache-kafka-java", "4.3.1");
        node.redirects = new FollowerRedirects(() -> List.of(2000), System::nanoTime, Duration.ofMinutes(1), 10);
        FetchHandler handler = node.handler();

        PartitionData first = only(node.send(handler, 12, fetch(0, 0)).await().indefinitely());
        PartitionData second = only(node.send(handler, 12, fetch(0, 0)).await().indefinitely());
        PartitionData old = only(node.ask(10, fetch(0, 0)));

        assertThat(first.preferredReadReplica()).isEqualTo(2000);
        assertThat(FetchResponse.recordsSize(first)).isPositive();
        assertThat(second.preferredReadReplica()).isEqualTo(-1);
        assertThat(FetchResponse.recordsSize(second)).isPositive();
        assertThat(FetchResponse.recordsSize(old)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"librdkafka, 2.0.2", "confluent-kafka-python, 1.7.0-librdkafka-2.0.2", "of-somebody, 1"})
    void whoeverMightNotComeBackFromADeadNodeIsNotSentAway(String software, String version) {
        node.append(0, "one");
        node.client = ClientDetails.unnamed("127.0.0.1", 1, "test").withSoftware(software, version);
        node.redirects = new FollowerRedirects(() -> List.of(2000), System::nanoTime, Duration.ofMinutes(1), 10);

        PartitionData data = only(node.ask(12, fetch(0, 0).setMaxWaitMs(60_000)));

        assertThat(data.preferredReadReplica()).isEqualTo(-1);
        assertThat(FetchResponse.recordsSize(data)).isPositive();
    }

    @Test
    void aReaderOfAnotherHistoryLearnsWhereItEnded() {
        node.append(0, "one");
        node.offsets.add(new OffsetOutcome.Found(1, -1, EPOCH - 2));
        FetchRequestData body = fetch(0, 2).setMaxWaitMs(60_000);
        body.topics().get(0).partitions().get(0).setLastFetchedEpoch(EPOCH - 1);

        PartitionData data = only(node.ask(12, body));

        assertThat(data.divergingEpoch().epoch()).isEqualTo(EPOCH - 2);
        assertThat(data.divergingEpoch().endOffset()).isEqualTo(1);
        assertThat(FetchResponse.recordsSize(data)).isZero();
    }

    @Test
    void answersShrinkWhenTheMemoryIsUsedUpAndNoneIsRefused() {
        ResponseMemory memory = new ResponseMemory(1_000);

        ResponseMemory.Share first = memory.reserve(100, 900);
        ResponseMemory.Share second = memory.reserve(100, 900);
        second.settle(400);
        first.release();
        first.release();

        assertThat(first.reserved()).isEqualTo(900);
        assertThat(second.reserved()).isEqualTo(100);
        assertThat(memory.held()).isEqualTo(400);
    }

    private static FetchRequestData withEpoch(int epoch) {
        FetchRequestData body = fetch(0, 10).setMaxWaitMs(60_000);
        body.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(epoch);
        return body;
    }

    private static PartitionData only(FetchResponse response) {
        return response.data().responses().get(0).partitions().get(0);
    }

    private static Errors error(FetchResponse response) {
        return Errors.forCode(only(response).errorCode());
    }
}
