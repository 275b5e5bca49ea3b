package io.millrace.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Program;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.groups.Committed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// One client's way through the story, in the order of the methods.
///
/// Threads: one at a time.
final class ClientRun implements AutoCloseable {
    private static final int PART = 300;
    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Client client;
    private final Clients clients;
    private final String topic;
    private final String group;
    private final List<Program> programs = new ArrayList<>();
    private @Nullable Program producer;
    private @Nullable Program consumer;

    /// A record as a consumer told of it, or as it is in the log.
    private record Seen(TopicPartition partition, long offset, String value) {}

    ClientRun(Client client, Clients clients) {
        this.client = client;
        this.clients = clients;
        this.topic = "client-" + client.id();
        this.group = topic + "-group";
    }

    Client client() {
        return client;
    }

    /// Producer and consumer are at work, and half of the first part is through; kcat reads its input in blocks.
    void start() {
        clients.createTopic(topic, PARTITIONS);
        Program sends = program(client.produce(topic, 1, 3 * PART));
        producer = sends;
        consumer = program(client.consume(topic, group));
        sends.say(values(1, 0, PART));
        awaitConsumed(running(), values(1, 0, PART / 2));
    }

    /// More to send, a part before all is killed and a part while nothing answers.
    void sendMore(int part) {
        Program sends = Objects.requireNonNull(producer);
        assertThat(sends.isAlive()).as("%s still produces", client.name()).isTrue();
        sends.say(values(1, part * PART, (part + 1) * PART));
    }

    /// All is in the log, consumed and committed; the consumer ends.
    void recover() {
        Program sends = Objects.requireNonNull(producer);
        sends.endInput();
        sends.awaitGoodEnd();
        List<String> sent = values(1, 0, 3 * PART);
        List<String> owed = new ArrayList<>(sent);
        owed.removeAll(client.refused(sends.lines()));

        List<Seen> log = log();
        assertThat(valuesOf(log)).containsAll(owed);
        assertThat(sent).containsAll(valuesOf(log));
        if (client.retries() == Client.Retries.WRITE_ONCE) {
            assertThat(valuesOf(log)).doesNotHaveDuplicates();
        }
        byPartition(log).values().forEach(each -> assertThat(numbers(each)).isSorted());

        awaitConsumed(running(), valuesOf(log));
        // It reads on before it has found its coordinator again, and until then cannot commit, not even at its end.
        awaitCommitted();
        running().terminate();
        assertThat(new HashSet<>(seen(running().lines()))).isEqualTo(Set.copyOf(log));
        assertThat(committed()).isEqualTo(ends());
    }

    /// The next consumer of the group gets what came after what the first one committed, each record once.
    void resume() {
        Map<TopicPartition, Long> before = committed();
        Program sends = program(client.produce(topic, 2, PART));
        Program reads = program(client.consume(topic, group));
        sends.say(values(2, 0, PART));
        sends.endInput();
        sends.awaitGoodEnd();
        awaitConsumed(reads, values(2, 0, PART));
        reads.terminate();

        List<Seen> added = log().stream()
                .filter(each -> each.offset() >= before.getOrDefault(each.partition(), 0L))
                .toList();
        assertThat(byPartition(seen(reads.lines()))).isEqualTo(byPartition(added));
        assertThat(valuesOf(added)).containsExactlyInAnyOrderElementsOf(values(2, 0, PART));
        assertThat(committed()).isEqualTo(ends());
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
    }

    private Program program(List<String> command) {
        Program program = Program.start(new ProcessBuilder(command));
        programs.add(program);
        return program;
    }

    private Program running() {
        return Objects.requireNonNull(consumer);
    }

    private void awaitConsumed(Program reader, List<String> values) {
        reader.awaitOutput(
                client.name() + " consumes " + values.size() + " values",
                PATIENCE,
                lines -> new HashSet<>(valuesOf(seen(lines))).containsAll(values));
    }

    private void awaitCommitted() {
        Awaitility.await(client.name() + " commits all")
                .atMost(PATIENCE)
                .failFast("it ended", () -> !running().isAlive())
                .untilAsserted(() -> assertThat(committed()).isEqualTo(ends()));
    }

    private List<Seen> seen(List<String> lines) {
        List<Seen> seen = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = client.line().matcher(line);
            if (matcher.matches()) {
                seen.add(new Seen(
                        new TopicPartition(topic, Integer.parseInt(matcher.group("partition"))),
                        Long.parseLong(matcher.group("offset")),
                        matcher.group("value")));
            }
        }
        return seen;
    }

    private List<Seen> log() {
        return new Reading(clients)
                .records(topic).stream()
                        .map(each -> new Seen(
                                new TopicPartition(each.topic(), each.partition()),
                                each.offset(),
                                new String(each.value(), StandardCharsets.UTF_8)))
                        .toList();
    }

    private Map<TopicPartition, Long> committed() {
        try (Admin admin = clients.admin()) {
            return withRecords(Committed.of(admin, group));
        }
    }

    private Map<TopicPartition, Long> ends() {
        return withRecords(new Reading(clients).ends(topic));
    }

    /// Some clients commit nothing where there was nothing, others zero.
    private static Map<TopicPartition, Long> withRecords(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> some = new HashMap<>(offsets);
        some.values().removeIf(offset -> offset == 0);
        return some;
    }

    private static List<String> values(int run, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> run + "." + i).toList();
    }

    private static List<String> valuesOf(List<Seen> seen) {
        return seen.stream().map(Seen::value).toList();
    }

    private static Map<TopicPartition, List<Seen>> byPartition(List<Seen> seen) {
        Map<TopicPartition, List<Seen>> all = new HashMap<>();
        seen.forEach(each ->
                all.computeIfAbsent(each.partition(), _ -> new ArrayList<>()).add(each));
        return all;
    }

    /// The numbers of the values in the order in which each was there first.
    private static List<Integer> numbers(List<Seen> seen) {
        return new LinkedHashSet<>(valuesOf(seen))
                .stream()
                        .map(value -> Integer.parseInt(value.substring(value.indexOf('.') + 1)))
                        .toList();
    }
}
