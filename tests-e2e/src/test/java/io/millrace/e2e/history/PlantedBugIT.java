package io.millrace.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A bug in the running product breaks a rule of its history; without one, the same clients find nothing.
@WithCluster
final class PlantedBugIT {
    private static final String TOPIC = "planted-";
    private static final int RECORDS = 300;

    private final MillraceCluster cluster;

    PlantedBugIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    static Stream<Arguments> bugs() {
        return Stream.of(
                Arguments.of("loses", "a reader gets each offset once, one after the other"),
                Arguments.of("stale", "an end never goes back"),
                Arguments.of("repeats", "a record is there once"),
                Arguments.of("resets", "a committed offset never goes back"));
    }

    private Bug bug(String name) {
        return switch (name) {
            case "loses" -> new Bug.LosesABatch();
            case "stale" -> new Bug.AnswersFromAStaleCache();
            case "repeats" -> new Bug.RepeatsABatch(cluster.kafka(Service.INGEST), TOPIC + name);
            case "resets" -> new Bug.ResetsAnOffset();
            default -> new Bug() {};
        };
    }

    @ParameterizedTest
    @MethodSource("bugs")
    void eachBugIsSeen(String bug, String rule) {
        List<Violation> violations = violations(bug);

        assertThat(violations).extracting(Violation::rule).contains(rule);
        System.out.println("PlantedBugIT " + bug + ": " + violations.getFirst());
    }

    @ParameterizedTest
    @MethodSource("nothing")
    void withoutABugNothingIsSeen(String name) {
        assertThat(violations(name)).isEmpty();
    }

    static Stream<String> nothing() {
        return Stream.of("none");
    }

    private List<Violation> violations(String bug) {
        History history = new History();
        try (Interposer interposer = new Interposer(cluster, bug(bug));
                Cast cast = new Cast(
                        history,
                        List.of(
                                interposer.door(cluster.kafka(Service.INGEST)),
                                interposer.door(cluster.kafka(Service.FETCH))),
                        TOPIC + bug,
                        new Random(1))) {
            cast.awaitAcknowledged(RECORDS);
            cast.finish();
        }
        return HistoryCheck.violations(history);
    }
}
