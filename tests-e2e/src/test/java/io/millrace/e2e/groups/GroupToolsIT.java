package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.KafkaTool;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.Program;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.tools.VerifiableConsumer;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka's own tools: kafka-consumer-groups, and the consumer that Kafka tests itself with.
final class GroupToolsIT {
    private static final int RECORDS = 100;

    private static MillraceCluster cluster;
    private static Clients clients;

    private final ObjectMapper json = new ObjectMapper();

    @BeforeAll
    static void start() {
        cluster = MillraceCluster.start(QuickGroups.cluster("group-tools"));
        clients = new Clients(cluster.bootstrap());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void kafkaConsumerGroupsListsDescribesResetsAndDeletes() {
        fill("tools", 2);
        try (Member member = Member.join(clients, QuickGroups.settings("tools-group", "consumer"), "tools");
                Admin admin = clients.admin()) {
            awaitCommitted(admin, "tools-group", 2, RECORDS);

            assertThat(groups("--list")).contains("tools-group");
            assertThat(groups("--list", "--state")).anyMatch(line -> line.matches("tools-group +Stable *"));
            assertThat(groups("--describe", "--group", "tools-group"))
                    .anyMatch(line -> line.matches("tools-group +tools +0 +100 +100 +0 +\\S+ +\\S+ +\\S+ *"))
                    .anyMatch(line -> line.matches("tools-group +tools +1 +100 +100 +0 +\\S+ +\\S+ +\\S+ *"));
            assertThat(groups("--describe", "--group", "tools-group", "--state"))
                    .anyMatch(line ->
                            line.matches("tools-group +127\\.0\\.0\\.1:\\d+ +\\(3000\\) +uniform +Stable +1 *"));
            assertThat(groups("--describe", "--group", "tools-group", "--members", "--verbose"))
                    .anyMatch(line -> line.startsWith("tools-group") && line.contains("tools:0,1"));
            assertThat(groups("--reset-offsets", "--group", "tools-group", "--topic", "tools", "--to-earliest"))
                    .anyMatch(line -> line.contains("is inactive, but the current state is Stable"));
            assertThat(member.owned()).hasSize(2);
        }

        assertThat(reset("--to-earliest", "--dry-run")).containsExactly(0L, 0L);
        assertThat(reset("--to-earliest", "--execute")).containsExactly(0L, 0L);
        assertThat(reset("--shift-by", "30", "--execute")).containsExactly(30L, 30L);
        assertThat(reset("--to-latest", "--execute")).containsExactly(100L, 100L);
        assertThat(reset("--to-offset", "7", "--execute")).containsExactly(7L, 7L);
        assertThat(reset("--to-datetime", "2020-01-01T00:00:00.000", "--execute"))
                .containsExactly(0L, 0L);
        assertThat(groups("--delete-offsets", "--group", "tools-group", "--topic", "tools:0"))
                .anyMatch(line -> line.matches("tools +0 +Successful *"));
        try (Admin admin = clients.admin()) {
            assertThat(Committed.of(admin, "tools-group")).containsOnlyKeys(new TopicPartition("tools", 1));
        }
        assertThat(groups("--delete", "--group", "tools-group")).anyMatch(line -> line.contains("was successful"));
        assertThat(groups("--list")).doesNotContain("tools-group");
    }

    /// Two consumers, one of which is killed; then the coordinator, too: what they say they consumed is everything.
    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void verifiableConsumersConsumeEverything(String protocol) {
        String topic = "verifiable-" + protocol;
        fill(topic, 2);
        try (Program first = verifiable(topic, protocol);
                Program second = verifiable(topic, protocol);
                Admin admin = clients.admin()) {
            awaitCommitted(admin, topic, 2, RECORDS);
            second.kill();
            cluster.kill(Service.OFFSET_COORDINATOR);
            cluster.start(Service.OFFSET_COORDINATOR);
            fillMore(topic, 2);

            awaitCommitted(admin, topic, 2, 2 * RECORDS);
            first.terminate();
            assertThat(events(first)).contains("startup_complete", "partitions_assigned", "shutdown_complete");
            assertThat(consumed(first, second)).isEqualTo(Map.of(0, 2 * RECORDS, 1, 2 * RECORDS));
        }
    }

    private Program verifiable(String topic, String protocol) {
        List<String> arguments = new ArrayList<>(List.of(
                "--bootstrap-server",
                cluster.bootstrap(),
                "--topic",
                topic,
                "--group-id",
                topic,
                "--group-protocol",
                protocol,
                "--reset-policy",
                "earliest",
                "--verbose"));
        if (protocol.equals("classic")) {
            arguments.addAll(List.of("--session-timeout", "6000"));
        }
        return KafkaTool.start(VerifiableConsumer.class.getName(), arguments);
    }

    private void fill(String topic, int partitionCount) {
        clients.createTopic(topic, partitionCount);
        fillMore(topic, partitionCount);
    }

    private void fillMore(String topic, int partitionCount) {
        try (Load load = new Load(topic, clients.producer(), Seed.print(topic).random())) {
            for (int i = 0; i < RECORDS * partitionCount; i++) {
                load.send(topic, i % partitionCount, 100);
            }
            load.flush();
            assertThat(load.failures()).isEmpty();
        }
    }

    private static void awaitCommitted(Admin admin, String group, int partitionCount, long offset) {
        Awaitility.await(group + " has committed " + offset + " everywhere")
                .atMost(Duration.ofSeconds(90))
                .until(() -> {
                    Map<TopicPartition, Long> committed = Committed.of(admin, group);
                    return committed.size() == partitionCount
                            && committed.values().stream().allMatch(each -> each == offset);
                });
    }

    private List<String> groups(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-server", cluster.bootstrap()));
        all.addAll(Arrays.asList(arguments));
        return KafkaTool.run(ConsumerGroupCommand.class.getName(), all);
    }

    /// The new offsets by partition, as the tool tells them.
    private List<Long> reset(String... how) {
        List<String> arguments =
                new ArrayList<>(List.of("--reset-offsets", "--group", "tools-group", "--topic", "tools"));
        arguments.addAll(Arrays.asList(how));
        Map<Integer, Long> offsets = new TreeMap<>();
        for (String line : groups(arguments.toArray(String[]::new))) {
            String[] words = line.strip().split(" +", -1);
            if (words.length == 4 && words[0].equals("tools-group")) {
                offsets.put(Integer.parseInt(words[2]), Long.parseLong(words[3]));
            }
        }
        return List.copyOf(offsets.values());
    }

    private Set<String> events(Program tool) {
        Set<String> events = new HashSet<>();
        tool.lines().stream()
                .flatMap(line -> parsed(line).stream())
                .forEach(event -> events.add(event.path("name").asText()));
        return events;
    }

    /// How many different records of each partition they say they had.
    private Map<Integer, Integer> consumed(Program... tools) {
        Map<Integer, Set<Long>> offsets = new TreeMap<>();
        Stream.of(tools)
                .flatMap(tool -> tool.lines().stream())
                .flatMap(line -> parsed(line).stream())
                .filter(event -> event.path("name").asText().equals("record_data"))
                .forEach(
                        event -> offsets.computeIfAbsent(event.path("partition").asInt(), _ -> new HashSet<>())
                                .add(event.path("offset").asLong()));
        Map<Integer, Integer> counts = new TreeMap<>();
        offsets.forEach((partition, each) -> counts.put(partition, each.size()));
        return counts;
    }

    /// Log lines are mixed with the events.
    private List<JsonNode> parsed(String line) {
        if (!line.startsWith("{")) {
            return List.of();
        }
        try {
            return List.of(json.readTree(line));
        } catch (JsonProcessingException cutOff) {
            return List.of();
        }
    }
}
