package io.millrace.e2e.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.clients.ClientsPage;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.groups.Committed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Whoever keeps their schemas in Millrace finds each of them after a crash of everything, registry included.
///
/// Source: failures F12 (values of internal topics came back empty), F13 (0 of 10 schemas verified).
final class ApicurioIT {
    private static final TopicPartition JOURNAL = new TopicPartition(Apicurio.JOURNAL, 0);
    private static final List<String> SUBJECTS = IntStream.range(0, 5)
            .boxed()
            .flatMap(topic -> Stream.of("key", "value").map(part -> "loadtest-topic-" + topic + "-" + part))
            .toList();

    /// The registry wants its topics three times replicated, unless it is told otherwise.
    @AutoClose
    private final MillraceCluster cluster = MillraceCluster.start(
            ClusterOptions.named("registry").with("millrace.wal-store.accepted-replication-factor-max", "3"));

    @AutoClose
    private final Apicurio registry = new Apicurio(cluster.bootstrap());

    private final Clients clients = new Clients(cluster.bootstrap());

    /// What the registry acknowledged, by subject and version.
    private final Map<String, Map<Integer, Apicurio.Registered>> registered = new TreeMap<>();

    @Test
    void allSchemasAreThereAfterEverythingWasKilled() {
        registry.start();
        SUBJECTS.forEach(subject -> register(subject, 1));
        verify("after registering");

        crash();
        verify("after kill -9 and restart");

        SUBJECTS.forEach(subject -> registry.demand(subject, "BACKWARD"));
        SUBJECTS.forEach(subject ->
                assertThat(registry.isCompatible(subject, schema(subject, 2))).isTrue());
        SUBJECTS.forEach(subject -> assertThat(registry.isCompatible(subject, incompatible(subject)))
                .isFalse());
        SUBJECTS.forEach(subject -> register(subject, 2));
        verify("after registering a second version of each");

        crash();
        verify("after kill -9 and restart");
        SUBJECTS.forEach(subject ->
                assertThat(registry.attempt(subject, incompatible(subject))).isEqualTo(409));
        verify("after refusing what is not compatible");
        ClientsPage.show(new ClientsPage.Row(
                "Apicurio Registry, Kafka storage",
                registry.version(),
                "10 schemas by the API of Confluent's registry, kill -9 of everything, 10 more, compatibility",
                "10 of 10 verified each time, and 20 of 20"));
    }

    private void register(String subject, int version) {
        String schema = schema(subject, version);
        int id = registry.register(subject, schema);
        registered.computeIfAbsent(subject, _ -> new TreeMap<>()).put(version, new Apicurio.Registered(id, schema));
    }

    /// SIGKILL to the registry and to all of Millrace, and new processes.
    private void crash() {
        registry.kill();
        cluster.kill();
        cluster.start();
        registry.start();
    }

    private void verify(String when) {
        assertThat(registry.subjects()).containsExactlyInAnyOrderElementsOf(SUBJECTS);
        Map<String, Map<Integer, Apicurio.Registered>> found = new TreeMap<>();
        for (String subject : SUBJECTS) {
            Map<Integer, Apicurio.Registered> versions = new TreeMap<>();
            registry.versions(subject).forEach(version -> versions.put(version, registry.version(subject, version)));
            found.put(subject, versions);
        }
        found.values()
                .forEach(versions -> versions.values()
                        .forEach(each -> assertThat(registry.byId(each.id())).isEqualTo(each.schema())));

        assertThat(found).isEqualTo(registered);
        System.out.println("Apicurio Registry " + registry.version() + ", " + when + ": " + found.size() + " of "
                + SUBJECTS.size() + " subjects, "
                + found.values().stream().mapToInt(Map::size).sum() + " schemas verified; " + journal());
    }

    /// The journal has no gap, and the registry has read all of it.
    private String journal() {
        try (Admin admin = clients.admin()) {
            Reading reading = new Reading(clients);
            long end = Objects.requireNonNull(reading.ends(JOURNAL.topic()).get(JOURNAL));
            assertThat(reading.records(JOURNAL.topic())).hasSize((int) end);
            Awaitility.await("the registry has read " + end + " records")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> reached(admin).equals(OptionalLong.of(end)));
            return end + " records in " + JOURNAL.topic() + ", the registry is at offset " + end;
        }
    }

    /// Each process of the registry is a group of its own.
    private static OptionalLong reached(Admin admin) {
        return Await.value(admin.listGroups().all()).stream()
                .filter(group -> group.groupState().filter(ApicurioIT::isStable).isPresent())
                .map(GroupListing::groupId)
                .map(id -> Committed.of(admin, id).getOrDefault(JOURNAL, -1L))
                .mapToLong(Long::longValue)
                .max();
    }

    private static boolean isStable(GroupState state) {
        return state == GroupState.STABLE;
    }

    /// Each version has one field more, which earlier data need not have.
    private static String schema(String subject, int version) {
        StringBuilder fields = new StringBuilder("{\"name\":\"id\",\"type\":\"long\"}");
        for (int i = 2; i <= version; i++) {
            fields.append(",{\"name\":\"added").append(i).append("\",\"type\":\"string\",\"default\":\"\"}");
        }
        return record(subject, fields.toString());
    }

    private static String incompatible(String subject) {
        return record(subject, "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"demanded\",\"type\":\"string\"}");
    }

    private static String record(String subject, String fields) {
        return "{\"type\":\"record\",\"name\":\"" + subject.replace('-', '_') + "\",\"fields\":[" + fields + "]}";
    }
}
