package io.millrace.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Time, chance and threads come in from outside: one seed then replays one run.
record TimeAndThreadRules(String root) {

    private static final Map<String, Set<String>> AMBIENT = Map.ofEntries(
            Map.entry("java.lang.System", Set.of("currentTimeMillis", "nanoTime")),
            Map.entry("java.lang.Thread", Set.of("sleep")),
            Map.entry("java.lang.Math", Set.of("random")),
            Map.entry("java.util.UUID", Set.of("randomUUID")),
            Map.entry("java.util.Random", Set.of("<init>()")),
            Map.entry("java.security.SecureRandom", Set.of("<init>()")),
            Map.entry("java.util.random.RandomGenerator", Set.of("getDefault")),
            Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")),
            Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")),
            Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
            Map.entry("java.time.Instant", Set.of("now()")),
            Map.entry("java.time.LocalDateTime", Set.of("now()")),
            Map.entry("java.time.ZonedDateTime", Set.of("now()")));

    private static final Map<String, Set<String>> THREADS = Map.of(
            "java.lang.Thread", Set.of("<init>", "ofPlatform", "ofVirtual", "startVirtualThread"),
            "java.util.concurrent.Executors",
                    Set.of(
                            "newCachedThreadPool",
                            "newFixedThreadPool",
                            "newScheduledThreadPool",
                            "newSingleThreadExecutor",
                            "newSingleThreadScheduledExecutor",
                            "newThreadPerTaskExecutor",
                            "newVirtualThreadPerTaskExecutor",
                            "newWorkStealingPool"),
            "java.util.concurrent.ThreadPoolExecutor", Set.of("<init>"),
            "java.util.concurrent.ScheduledThreadPoolExecutor", Set.of("<init>"));

    /// Only a composition root reads the clock of the machine, rolls its dice or sleeps.
    ArchRule timeAndChanceComeFromTheCompositionRoot() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and(areNoCompositionRoot())
                .should(reach(AMBIENT, "read the machine's clock or dice"));
    }

    /// A library offers a step; the service runs it on a thread that it started.
    ArchRule librariesStartNoThreads() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        root + ".model..",
                        root + ".wal..",
                        root + ".partition..",
                        root + ".compaction..",
                        root + ".sealed..",
                        root + ".store..",
                        root + ".kafka..",
                        root + ".api..")
                .should(reach(THREADS, "start a thread"));
    }

    /// A `Uni` that is awaited blocks the thread; on an event loop that stops every connection of the loop.
    ArchRule nobodyAwaitsAUni() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should(reach(Map.of("io.smallrye.mutiny.Uni", Set.of("await")), "await a Uni"));
    }

    /// A class is a composition root if its outermost class is called `…Main`, `…Wiring` or `…Beans`.
    private static DescribedPredicate<JavaClass> areNoCompositionRoot() {
        return DescribedPredicate.describe(
                "are no composition root",
                type -> !outermost(type).getSimpleName().matches(".*(Main|Wiring|Beans)"));
    }

    private static JavaClass outermost(JavaClass type) {
        var outer = type;
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    private static ArchCondition<JavaClass> reach(Map<String, Set<String>> members, String what) {
        Predicate<CodeUnitAccessTarget> isListed = target -> {
            var names = members.getOrDefault(target.getOwner().getName(), Set.of());
            var bare = target.getRawParameterTypes().isEmpty() ? target.getName() + "()" : target.getName();
            return names.contains(target.getName()) || names.contains(bare);
        };
        return new ArchCondition<>(what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> isListedAccess(access, isListed))
                        .forEach(access -> events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
            }
        };
    }

    private static boolean isListedAccess(JavaAccess<?> access, Predicate<CodeUnitAccessTarget> isListed) {
        return access instanceof JavaCodeUnitAccess<?> call && isListed.test(call.getTarget());
    }
}
