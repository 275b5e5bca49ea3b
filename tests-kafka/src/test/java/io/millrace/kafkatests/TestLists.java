package io.millrace.kafkatests;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/// The lists in the module's resources; an empty line or one that begins with `#` says nothing.
final class TestLists {
    private TestLists() {}

    /// Those that pass on Apache Kafka in the same way: what a run is measured by.
    static SortedSet<TestId> passOnKafka() {
        SortedSet<TestId> tests = new TreeSet<>();
        lines("passes-on-kafka.txt").forEach(line -> tests.add(TestId.parse(line)));
        return tests;
    }

    static List<Exclusion> exclusions() {
        return lines("exclusions.txt").stream().map(Exclusion::parse).toList();
    }

    /// The classes of a tier, as files of their sources.
    static List<String> classes(String tier) {
        return lines("classes-" + tier + ".txt");
    }

    private static List<String> lines(String resource) {
        try (InputStream stream = TestLists.class.getResourceAsStream("/" + resource)) {
            byte[] bytes = Objects.requireNonNull(stream, resource).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + resource, failed);
        }
    }
}
