package io.millrace.coordinator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.testkit.SimulatedClock;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.junit.jupiter.api.Test;

final class InternalTopicsTest {

    private final SimulatedClock clock = new SimulatedClock(0);
    private final List<Command> commands = new ArrayList<>();
    private final List<UniEmitter<? super CommandOutcome>> answers = new ArrayList<>();
    private final InternalTopics topics = new InternalTopics(
            command -> Uni.createFrom().emitter(emitter -> {
                commands.add(command);
                answers.add(emitter);
            }),
            clock::nanos,
            new InternalTopics.Bounds(3, Duration.ofSeconds(10)));

    private static CreatableTopic topic(String name) {
        CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
        configs.add(new CreatableTopicConfig().setName("cleanup.policy").setValue("compact"));
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(4)
                .setReplicationFactor((short) -1)
                .setConfigs(configs);
    }

    @Test
    void aTopicIsCreatedOnceHoweverManyMembersAsk() {
        topics.create(List.of(topic("changelog")));
        topics.create(List.of(topic("changelog")));

        assertThat(commands)
                .containsExactly(new Command.CreateTopic(
                        "changelog", 4, -1, Map.of("cleanup.policy", "compact"), Command.Mode.EXECUTE));
        assertThat(topics.failures(List.of("changelog"))).isEmpty();
    }

    @Test
    void aFailureIsToldForAWhileAndThenTriedAgain() {
        topics.create(List.of(topic("changelog")));
        answers.getFirst().complete(new CommandOutcome.Refused(Refusal.POLICY_VIOLATION, "too many partitions"));

        assertThat(topics.failures(List.of("changelog", "other")))
                .isEqualTo(Map.of("changelog", "too many partitions"));
        clock.advance(Duration.ofSeconds(9));
        topics.create(List.of(topic("changelog")));
        assertThat(commands).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        topics.create(List.of(topic("changelog")));

        assertThat(commands).hasSize(2);
        assertThat(topics.failures(List.of("changelog"))).isEmpty();
    }

    @Test
    void aTopicThatIsThereAlreadyIsNoFailure() {
        topics.create(List.of(topic("one"), topic("two")));
        answers.getFirst().complete(new CommandOutcome.Refused(Refusal.TOPIC_EXISTS, "exists"));
        answers.getLast().complete(new CommandOutcome.TopicStored(new Topic(new TopicId(1, 2), "two", 4, Map.of())));

        assertThat(topics.failures(List.of("one", "two"))).isEmpty();
    }

    @Test
    void noMoreAreUnderWayThanTheBound() {
        topics.create(List.of(topic("a"), topic("b"), topic("c"), topic("d")));
        assertThat(commands).hasSize(3);

        answers.getFirst().complete(new CommandOutcome.TopicStored(new Topic(new TopicId(1, 2), "a", 4, Map.of())));
        topics.create(List.of(topic("d")));

        assertThat(commands).hasSize(4);
    }

    @Test
    void aStoreThatGoesSilentIsAFailureToo() {
        topics.create(List.of(topic("a"), topic("b")));
        answers.getFirst().complete(new CommandOutcome.Unknown("no answer"));
        answers.getLast().fail(new IllegalStateException("connection lost"));

        assertThat(topics.failures(List.of("a", "b"))).isEqualTo(Map.of("a", "no answer", "b", "connection lost"));
    }
}
