package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// The dependency rules on the code of all modules, and on a tree of violations that each rule must find.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {

    private static final String ROOT = "io.millrace";
    private static final String VIOLATIONS = "io.millrace.architecture.violation";

    private final JavaClasses code = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);
    private final JavaClasses violations = new ClassFileImporter().importPackages(VIOLATIONS);

    @TestFactory
    Stream<DynamicTest> theCodeKeepsEachRule() {
        return rules(ROOT).stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.name(), () -> rule.rule().allowEmptyShould(true).check(code)));
    }

    @TestFactory
    Stream<DynamicTest> eachRuleFindsItsViolation() {
        return rules(VIOLATIONS).stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.name(),
                        () -> assertThat(rule.rule().evaluate(violations).hasViolation())
                                .as("a violation is found")
                                .isTrue()));
    }

    @Test
    void everyModuleIsOnTheClassPath() {
        var packages =
                List.of("model", "wal", "testkit", "kafka.wire", "kafka.listener", "kafka.handlers", "api", "runtime");
        var services = List.of("ingest", "fetch", "coordinator", "walstore");

        assertThat(Stream.concat(packages.stream(), services.stream()))
                .allSatisfy(name -> assertThat(code.containPackage(ROOT + "." + name))
                        .as(name)
                        .isTrue());
    }

    private record NamedRule(String name, ArchRule rule) {}

    private static List<NamedRule> rules(String root) {
        var dependencies = new DependencyRules(root);
        var time = new TimeAndThreadRules(root);
        return List.of(
                new NamedRule("the model is plain Java", dependencies.modelIsPlainJava()),
                new NamedRule("the engine is plain Java", dependencies.engineIsPlainJava()),
                new NamedRule("only the storage touches files", dependencies.onlyTheStorageTouchesFiles()),
                new NamedRule("services do not know each other", dependencies.servicesDoNotKnowEachOther()),
                new NamedRule("libraries do not know services", dependencies.librariesDoNotKnowServices()),
                new NamedRule("Kafka stays in kafka packages", dependencies.kafkaStaysInKafkaPackages()),
                new NamedRule("counted buffers stay at the sockets", dependencies.countedBuffersStayAtTheSockets()),
                new NamedRule("plain libraries do not log", dependencies.plainLibrariesNeitherLogNorMeasure()),
                new NamedRule("time and chance come from outside", time.timeAndChanceComeFromTheCompositionRoot()),
                new NamedRule("libraries start no threads", time.librariesStartNoThreads()),
                new NamedRule("nobody awaits a Uni", time.nobodyAwaitsAUni()));
    }
}
