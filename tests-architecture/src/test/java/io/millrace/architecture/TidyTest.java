package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The style rules on all sources, and on one snippet each that breaks them.
final class TidyTest {

    private static final Set<String> FILES_AT_THE_TOP = Set.of(
            "ARCHITECTURE.md",
            "CONTRIBUTING.md",
            "LICENSE",
            "NOTICE",
            "README.md",
            "millrace",
            "mvnw",
            "mvnw.cmd",
            "pom.xml",
            "skaffold.yaml");

    private final SourceTree tree = SourceTree.ofThisRepository();

    @Test
    void theSourcesAreTidy() {
        assertThat(TidyRules.check(tree.javaFiles())).isEmpty();
    }

    @Test
    void everyPackageIsNullMarked() {
        assertThat(TidyRules.unmarkedPackages(tree.javaFiles())).isEmpty();
    }

    @Test
    void scriptsAndPagesLeaveNothingOpenWithoutAnIssue() {
        var files = tree.files(".md", ".xml", ".yaml", ".properties", ".sh", "millrace", ".ci/run");

        assertThat(files.stream().flatMap(file -> TidyRules.openEnds(file).stream()))
                .isEmpty();
    }

    /// What a tool leaves there gets into a commit unseen. Logs and reports are not committed.
    @Test
    void nothingLiesBesideTheModulesThatIsNotKnown() {
        assertThat(tree.filesAtTheTop())
                .filteredOn(name -> !name.endsWith(".log") && !name.equals("loadtest.html"))
                .isSubsetOf(FILES_AT_THE_TOP);
    }

    @Test
    void aPackageThatIsNotMarkedIsFound() {
        var lone = new SourceFile("libs/x/src/main/java/io/millrace/x/A.java", "final class A {}");

        assertThat(TidyRules.unmarkedPackages(List.of(lone)))
                .extracting(Finding::detail)
                .containsExactly("io.millrace.x");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("snippets")
    void eachRuleFindsItsViolation(String rule, String snippet) {
        var file = new SourceFile("libs/x/src/main/java/io/millrace/x/Sample.java", snippet);

        assertThat(TidyRules.check(file)).extracting(Finding::rule).containsExactly(rule);
    }

    @Test
    void aTidyFileHasNoFindings() {
        var file = new SourceFile("libs/x/src/main/java/io/millrace/x/Sample.java", """
                package io.millrace.x;

                /// A sample.
                public final class Sample {
                    private final int count;

                    Sample(int count) {
                        this.count = count;
                    }

                    /// What the others implement.
                    sealed interface BaseOffsetRule {
                        record Wide(int a, int b, int c, int d, int e, int f) implements BaseOffsetRule {}
                    }
                }
                """);

        assertThat(TidyRules.check(file)).isEmpty();
    }

    static Stream<Arguments> snippets() {
        return Stream.of(
                Arguments.of("long file", "final class Sample {\n" + "\n".repeat(400) + "}\n"),
                Arguments.of(
                        "long method",
                        "final class Sample {\n  void run() {\n" + "    go();\n".repeat(60) + "  }\n}\n"),
                Arguments.of(
                        "many parameters",
                        "final class Sample { void run(int a, int b, int c, int d, int e, int f) {} }"),
                Arguments.of("wide import", "import java.util.*;\nfinal class Sample {}"),
                Arguments.of("wide import", "import static java.util.List.*;\nfinal class Sample {}"),
                Arguments.of("wide import", "import module java.base;\nfinal class Sample {}"),
                Arguments.of("empty name", "final class SampleUtils {}"),
                Arguments.of("empty name", "interface AbstractSample {}"),
                Arguments.of("empty name", "record SampleImpl() {}"),
                Arguments.of("class is not final", "class Sample {}"),
                Arguments.of("class is not final", "final class Sample { static class Inner {} }"),
                Arguments.of("public type without /// comment", "/** Old. */\npublic final class Sample {}"),
                Arguments.of("synchronized", "final class Sample { synchronized void run() {} }"),
                Arguments.of("synchronized", "final class Sample { void run() { synchronized (this) { go(); } } }"),
                Arguments.of("final local or parameter", "final class Sample { void run(final int count) {} }"),
                Arguments.of("final local or parameter", "final class Sample { void run() { final var count = 1; } }"),
                Arguments.of("field injection", "final class Sample { @Inject Clock clock; }"),
                Arguments.of(
                        "@ConfigProperty instead of a @ConfigMapping",
                        "final class Sample { void run(@ConfigProperty(name = \"x\") int count) {} }"),
                Arguments.of(
                        "empty catch", "final class Sample { void run() { try { go(); } catch (E e) { /* */ } } }"),
                Arguments.of("open end without issue", "final class Sample {} // TO" + "DO later"));
    }
}
