package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicConfigsTest {

    @Test
    void everyDefaultIsLegal() {
        assertThat(TopicConfigs.all())
                .hasSizeGreaterThan(30)
                .allSatisfy(config -> assertThat(TopicConfigs.problem(config.name(), config.defaultValue()))
                        .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cleanup.policy | foo | Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete
                    retention.ms | -2 | Invalid value -2 for configuration retention.ms: Value must be at least -1
                    retention.ms | x | Invalid value x for configuration retention.ms: Not a number of type LONG
                    compression.gzip.level | 0 | Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1
                    preallocate | yes | Invalid value yes for configuration preallocate: Expected value to be either true or false
                    min.cleanable.dirty.ratio | 2 | Invalid value 2 for configuration min.cleanable.dirty.ratio: Value must be no more than 1
                    foo | 1 | Unknown topic config name: foo
                    """)
    void aBadValueIsExplainedAsKafkaDoes(String name, String value, String problem) {
        assertThat(TopicConfigs.problem(name, value)).contains(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    cleanup.policy | ''
                    cleanup.policy | compact, delete
                    retention.bytes | -5
                    preallocate | TRUE
                    max.message.bytes | 12
                    follower.replication.throttled.replicas | 0:1,1:2
                    retention.ms | 9223372036854775807
                    """)
    void whatKafkaAcceptsIsAccepted(String name, String value) {
        assertThat(TopicConfigs.problem(name, value)).isEmpty();
    }

    @Test
    void configurationsThatContradictEachOtherAreRefused() {
        assertThat(TopicConfigs.problem(Map.of("min.compaction.lag.ms", "10", "max.compaction.lag.ms", "5")))
                .contains("conflict topic config setting min.compaction.lag.ms (10) > max.compaction.lag.ms (5)");
    }

    @Test
    void aTopicHasItsOwnValueOrTheDefault() {
        Topic topic =
                new Topic(new TopicId(1, 2), "t", 1, Map.of("max.message.bytes", "77", "cleanup.policy", "compact"));

        assertThat(TopicConfigs.maxMessageBytes(topic)).isEqualTo(77);
        assertThat(TopicConfigs.isCompacted(topic)).isTrue();
        assertThat(TopicConfigs.isDeletedByRetention(topic)).isFalse();
        assertThat(TopicConfigs.isLogAppendTime(topic)).isFalse();
    }

    @Test
    void namesAreLegalAsInKafka() {
        assertThat(TopicNames.problem("")).contains("Topic name is invalid: the empty string is not allowed");
        assertThat(TopicNames.problem("..")).isPresent();
        assertThat(TopicNames.problem("a/b")).isPresent();
        assertThat(TopicNames.problem("x".repeat(250))).isPresent();
        assertThat(TopicNames.problem("x".repeat(249))).isEmpty();
        assertThat(TopicNames.problem("_schemas.v1-A")).isEmpty();
        assertThat(TopicNames.collide("a.b", "a_b")).isTrue();
        assertThat(TopicNames.collide("a.b", "a.b")).isFalse();
    }
}
