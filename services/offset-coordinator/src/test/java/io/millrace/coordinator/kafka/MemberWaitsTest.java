package io.millrace.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.junit.jupiter.api.Test;

final class MemberWaitsTest {
    private final MemberWaits waits = new MemberWaits();
    private final CompletableFuture<String> answer = new CompletableFuture<>();

    @Test
    void whatIsAnsweredBeforeTheEndIsPassedOn() {
        CompletableFuture<String> wait = waits.untilEnd(answer);
        answer.complete("joined");
        waits.end();

        assertThat(wait).isCompletedWithValue("joined");
    }

    @Test
    void theEndAnswersWhatWaitsAndLeavesTheCoordinatorsOwnAlone() {
        CompletableFuture<String> wait = waits.untilEnd(answer);
        waits.end();

        assertThat(wait).isCompletedExceptionally();
        assertThat(wait.exceptionNow()).isInstanceOf(NotCoordinatorException.class);
        assertThat(answer).isNotDone();
    }

    @Test
    void afterTheEndNothingWaits() {
        waits.end();

        assertThat(waits.untilEnd(answer)).isCompletedExceptionally();
        assertThat(waits.untilEnd(CompletableFuture.completedFuture("joined"))).isCompletedWithValue("joined");
    }
}
