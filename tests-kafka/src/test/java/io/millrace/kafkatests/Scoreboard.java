package io.millrace.kafkatests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Counts by class how many of the tests that pass on Kafka passed; JUnit finds it as a service.
///
/// The table is of the classes of which something ran, and of those that are excluded as a whole.
///
/// Threads: one.
public final class Scoreboard implements TestExecutionListener {
    private static final String OURS = "io.millrace.";

    private final SortedSet<TestId> passed = new TreeSet<>();
    private final Set<String> classes = new TreeSet<>();

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        // The JDK starts a thread of its own with the first virtual one; Kafka's tests would take it for one that they
        // left behind.
        Thread.ofVirtual().unstarted(() -> {});
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        TestId.of(identifier).filter(test -> !test.className().startsWith(OURS)).ifPresent(test -> {
            classes.add(test.className());
            if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed.add(test);
            }
        });
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (classes.isEmpty()) {
            return;
        }
        List<String> lines = Targets.isKafka()
                ? passed.stream().map(TestId::toString).toList()
                : table(classes, passed, TestLists.passOnKafka());
        write(Path.of("target", Targets.isKafka() ? "passes-on-kafka.txt" : "kafka-tests.md"), lines);
        lines.forEach(System.out::println);
    }

    /// A row for each class of which something ran, and one for all; what did not run counts as failed.
    static List<String> table(Set<String> classes, Set<TestId> passed, Set<TestId> passOnKafka) {
        List<String> lines = new ArrayList<>();
        lines.add("| Class | Passed | Of |");
        lines.add("| --- | ---: | ---: |");
        for (String name : classes) {
            lines.add(row(
                    name.substring(name.lastIndexOf('.') + 1),
                    in(passed, Set.of(name)),
                    in(passOnKafka, Set.of(name))));
        }
        lines.add(row("All", in(passed, classes), in(passOnKafka, classes)));
        return lines;
    }

    private static Set<TestId> in(Set<TestId> tests, Set<String> classes) {
        return tests.stream().filter(test -> classes.contains(test.className())).collect(Collectors.toSet());
    }

    private static String row(String name, Set<TestId> passed, Set<TestId> passOnKafka) {
        long count = passOnKafka.stream().filter(passed::contains).count();
        return "| " + name + " | " + count + " | " + passOnKafka.size() + " |";
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.write(file, lines);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file, failed);
        }
    }
}
