package io.millrace.kafka.fetch;

import static io.millrace.kafka.fetch.FetchFixture.fetch;
import static io.millrace.kafka.fetch.FetchFixture.partition;
import static io.millrace.kafka.fetch.FetchFixture.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.ReadOutcome;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.Test;

/// The fixture keeps two sessions and six partitions at most, and lets idle ones go at once.
final class FetchSessionsTest {

    private final FetchFixture node = new FetchFixture();
    private final FetchHandler handler = node.handler();

    @Test
    void aSessionNamesWhatChangedAndIsAnsweredWithNewsOnly() {
        node.append(0, "zero");
        FetchResponse first = ask(13, full(partition(0, 0), partition(1, 0), partition(2, 0)));

        node.append(1, "one");
        FetchResponse second = ask(13, next(first, 1, topic(partition(0, 2))));
        FetchResponse third = ask(13, next(first, 2, topic(partition(1, 2))));

        assertThat(first.sessionId()).isPositive();
        assertThat(partitions(first)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(partitions(second)).containsExactly(1);
        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(partitions(third)).isEmpty();
    }

    @Test
    void recordsThatTheClientDidNotTakeComeAgain() {
        FetchResponse first = ask(12, full(partition(0, 0)));
        node.append(0, "zero");

        FetchResponse second = ask(12, next(first, 1));
        FetchResponse third = ask(12, next(first, 2));

        assertThat(partitions(second)).containsExactly(0);
        assertThat(partitions(third)).containsExactly(0);
    }

    @Test
    void forgottenPartitionsAreNotRead() {
        FetchResponse first = ask(12, full(partition(0, 0), partition(1, 0)));
        node.append(0, "zero");
        node.append(1, "one");
        FetchRequestData request = next(first, 1);
        request.forgottenTopicsData()
                .add(new ForgottenTopic().setTopic("orders").setPartitions(List.of(0)));

        FetchResponse second = ask(12, request);

        assertThat(partitions(second)).containsExactly(1);
    }

    @Test
    void anErrorIsNewsAndSoIsItsEnd() {
        FetchResponse first = ask(12, full(partition(0, 0)));
        node.broken.put(0, new ReadOutcome.Unknown("silence"));
        FetchResponse second = ask(12, next(first, 1));
        node.broken.remove(0);

        FetchResponse third = ask(12, next(first, 2));

        assertThat(only(second).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(only(third).errorCode()).isEqualTo(Errors.NONE.code());
    }

    @Test
    void aSessionOfAnotherBrokerIsUnknownHere() {
        FetchResponse goesOn = ask(12, fetch(0, 0).setSessionId(44).setSessionEpoch(3));
        FetchResponse startsOver = ask(12, fetch(0, 0).setSessionId(44).setSessionEpoch(0));

        assertThat(goesOn.error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(startsOver.error()).isEqualTo(Errors.NONE);
        assertThat(startsOver.sessionId()).isPositive();
    }

    @Test
    void requestsOutOfOrderAndOfAnotherKindAreRefusedAndChangeNothing() {
        FetchResponse first = ask(13, full(partition(0, 0)));

        FetchResponse tooLate = ask(13, next(first, 2));
        FetchResponse byName = ask(12, next(first, 1));
        FetchResponse inOrder = ask(13, next(first, 1));

        assertThat(tooLate.error()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
        assertThat(byName.error()).isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
        assertThat(inOrder.error()).isEqualTo(Errors.NONE);
    }

    @Test
    void aFinalRequestEndsTheSession() {
        FetchResponse first = ask(12, full(partition(0, 0)));

        FetchResponse last = ask(12, next(first, -1, topic(partition(0, 0))));
        FetchResponse after = ask(12, next(first, 1));

        assertThat(last.sessionId()).isZero();
        assertThat(after.error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(handler.sessionCount()).isZero();
    }

    @Test
    void whoHasNoPlaceFetchesWithoutASession() {
        FetchResponse tooMany = ask(
                12,
                full(
                        partition(0, 0),
                        partition(1, 0),
                        partition(2, 0),
                        partition(3, 0),
                        partition(4, 0),
                        partition(5, 0),
                        partition(6, 0)));

        assertThat(tooMany.error()).isEqualTo(Errors.NONE);
        assertThat(tooMany.sessionId()).isZero();
        assertThat(partitions(tooMany)).hasSize(7);
    }

    @Test
    void theSessionUsedLeastRecentlyMakesRoom() {
        FetchResponse first = ask(12, full(partition(0, 0)));
        FetchResponse second = ask(12, full(partition(1, 0)));
        ask(12, next(first, 1));

        FetchResponse third = ask(12, full(partition(2, 0)));

        assertThat(third.sessionId()).isPositive();
        assertThat(ask(12, next(second, 1)).error()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(ask(12, next(first, 2)).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void aSessionThatGrowsBeyondTheBoundEndsAndIsAnsweredInFull() {
        FetchResponse first = ask(12, full(partition(0, 0), partition(1, 0)));
        FetchRequestData growing = next(
                first, 1, topic(partition(2, 0), partition(3, 0), partition(4, 0), partition(5, 0), partition(6, 0)));

        FetchResponse grown = ask(12, growing);

        assertThat(grown.sessionId()).isZero();
        assertThat(partitions(grown)).hasSize(7);
    }

    @Test
    void anUnknownTopicIsAnErrorOfItsOwnInASession() {
        FetchTopic unknown = new FetchTopic().setTopicId(new Uuid(9, 9)).setPartitions(List.of(partition(0, 0)));
        FetchRequestData request = full(partition(0, 0)).setTopics(List.of(topic(partition(0, 0)), unknown));

        FetchResponse first = ask(13, request);
        FetchResponse second = ask(13, next(first, 1));

        assertThat(first.sessionId()).isPositive();
        assertThat(second.data().responses()).hasSize(1);
        assertThat(only(second).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    }

    private FetchResponse ask(int version, FetchRequestData body) {
        return node.send(handler, version, body).await().atMost(Duration.ofSeconds(5));
    }

    private static FetchRequestData full(FetchRequestData.FetchPartition... partitions) {
        return fetch(0, 0).setSessionEpoch(0).setTopics(List.of(topic(partitions)));
    }

    private static FetchRequestData next(FetchResponse session, int epoch, FetchTopic... changed) {
        FetchRequestData request = fetch(0, 0).setTopics(List.of(changed));
        return request.setSessionId(session.sessionId()).setSessionEpoch(epoch);
    }

    private static List<Integer> partitions(FetchResponse response) {
        return response.data().responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(PartitionData::partitionIndex)
                .toList();
    }

    private static PartitionData only(FetchResponse response) {
        return response.data().responses().get(0).partitions().get(0);
    }
}
