package io.millrace.kafkatests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TestListsTest {
    private final SortedSet<TestId> passOnKafka = TestLists.passOnKafka();

    @Test
    void whatIsExcludedWouldPassOnKafkaAndHasAReason() {
        assertThat(TestLists.exclusions()).allSatisfy(exclusion -> {
            assertThat(passOnKafka)
                    .as("tests that %s excludes", exclusion)
                    .anyMatch(test -> exclusion.covers(test.className(), test.method()));
            assertThat(exclusion.reason()).isNotBlank();
        });
    }

    @Test
    void onlyWhatPassesOnKafkaAndIsNotExcludedRuns() {
        ExclusionFilter filter = new ExclusionFilter();
        TestId passing = passOnKafka.first();
        Exclusion exclusion = TestLists.exclusions().getFirst();

        assertThat(filter.judge(passing.className(), "failsOnKafka").excluded()).isTrue();
        assertThat(filter.judge(exclusion.className(), exclusion.method()).getReason())
                .contains(exclusion.reason());
        assertThat(filter.judge("io.millrace.SomeTest", "ours").included()).isTrue();
        assertThat(passOnKafka)
                .anyMatch(test -> filter.judge(test.className(), test.method()).included());
    }

    @Test
    void theSoakRunsAllThatEveryBuildRuns() {
        assertThat(TestLists.classes("soak")).containsAll(TestLists.classes("normal"));
    }

    @Test
    void everyChosenClassHasTestsThatPassOnKafka() {
        Set<String> withTests = passOnKafka.stream()
                .map(test -> test.className().replace('.', '/') + ".java")
                .collect(Collectors.toSet());

        assertThat(withTests).containsExactlyInAnyOrderElementsOf(TestLists.classes("soak"));
    }

    @Test
    void aTestIsReadAsItWasWritten() {
        TestId test = new TestId("org.example.SomeTest", "testIt", 3);

        assertThat(TestId.parse(test.toString())).isEqualTo(test);
    }

    @Test
    void whatDidNotRunCountsAsFailed() {
        TestId ran = new TestId("org.example.SomeTest", "ran", 1);
        TestId excluded = new TestId("org.example.SomeTest", "excluded", 1);
        TestId other = new TestId("org.example.OtherTest", "all", 1);

        assertThat(Scoreboard.table(
                        Set.of("org.example.SomeTest", "org.example.OtherTest"),
                        Set.of(ran),
                        Set.of(ran, excluded, other)))
                .contains("| SomeTest | 1 | 2 |", "| OtherTest | 0 | 1 |", "| All | 1 | 3 |");
    }
}
