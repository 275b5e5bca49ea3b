package io.millrace.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;

/// Who may know whom. The rules are functions of the root package, so that the same ones can be run on the code and
/// on a small tree of violations that proves each of them able to fail.
record DependencyRules(String root) {

    private static final String[] SERVICES = {"ingest", "fetch", "coordinator", "walstore"};

    /// The vocabulary must be usable from anywhere, so it brings nothing along.
    ArchRule modelIsPlainJava() {
        return classes()
                .that()
                .resideInAPackage(in("model"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", in("model"));
    }

    /// The engine runs under a simulated disk and clock; a framework inside it would bring its own.
    ArchRule engineIsPlainJava() {
        return classes()
                .that()
                .resideInAnyPackage(engine())
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        in("model"),
                        in("wal"),
                        in("partition"),
                        in("compaction"),
                        in("sealed"),
                        in("store"));
    }

    ArchRule onlyTheStorageTouchesFiles() {
        return noClasses()
                .that()
                .resideInAnyPackage(engine())
                .and()
                .resideOutsideOfPackage(in("wal.storage"))
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.nio\\.file\\.Files|java\\.nio\\.channels\\.FileChannel|java\\.io\\.(File|RandomAccess).*");
    }

    ArchRule servicesDoNotKnowEachOther() {
        return slices().matching(root + ".(" + String.join("|", SERVICES) + ")..")
                .should()
                .notDependOnEachOther();
    }

    ArchRule librariesDoNotKnowServices() {
        return noClasses()
                .that()
                .resideInAnyPackage(libraries())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(services());
    }

    /// Kafka's jars are pinned to one version and change without notice: they are met in as few packages as possible.
    ArchRule kafkaStaysInKafkaPackages() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(root + "..kafka..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..");
    }

    /// A counted buffer that is passed on is a leak or a use after release.
    ArchRule countedBuffersStayAtTheSockets() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackages(in("kafka.listener"), in("api.http"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.buffer..", "io.vertx.core.buffer..");
    }

    ArchRule plainLibrariesNeitherLogNorMeasure() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        in("model"),
                        in("wal"),
                        in("partition"),
                        in("compaction"),
                        in("sealed"),
                        in("store"),
                        in("kafka.wire"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.slf4j..", "org.jboss.logging..", "java.util.logging..", "io.micrometer..");
    }

    private String in(String part) {
        return root + "." + part + "..";
    }

    private String[] engine() {
        return new String[] {in("wal"), in("partition"), in("compaction"), in("sealed"), in("store")};
    }

    private String[] libraries() {
        return new String[] {
            in("model"),
            in("wal"),
            in("partition"),
            in("compaction"),
            in("sealed"),
            in("store"),
            in("kafka"),
            in("api"),
            in("runtime"),
            in("testkit")
        };
    }

    private String[] services() {
        return Arrays.stream(SERVICES).map(this::in).toArray(String[]::new);
    }
}
