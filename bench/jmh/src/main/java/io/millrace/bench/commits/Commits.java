package io.millrace.bench.commits;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/// Many clients commit offsets, each its own group's, one commit after the other: commits a second and their latency.
/// Run by bench/commits; the same client for both products.
final class Commits {
    private static final String TOPIC = "commits";
    private static final int WARM_UP_SECONDS = 4;

    private final int clients;
    private final int partitions;

    private Commits(int clients, int partitions) {
        this.clients = clients;
        this.partitions = partitions;
    }

    /// NAME BOOTSTRAP CLIENTS PARTITIONS SECONDS
    public static void main(String[] arguments) throws Exception {
        Commits commits = new Commits(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        System.out.println(commits.run(arguments[0], arguments[1], Integer.parseInt(arguments[4])));
    }

    private String run(String name, String bootstrap, int seconds) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            createTopic(admin);
            Node coordinator = coordinator(admin);
            List<CommittingClient> all = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                CommittingClient client = new CommittingClient(coordinator, "bench-" + i, TOPIC, partitions);
                all.add(client);
                threads.add(Thread.ofVirtual().start(client));
            }
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            all.forEach(CommittingClient::measure);
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            all.forEach(CommittingClient::stop);
            double elapsed = (System.nanoTime() - start) / 1e9;
            for (Thread thread : threads) {
                thread.join();
            }
            check(admin, all);
            long[] nanos = all.stream()
                    .flatMapToLong(client -> Arrays.stream(client.latencies()))
                    .sorted()
                    .toArray();
            return String.format(
                    "{\"product\":\"%s\",\"clients\":%d,\"partitions\":%d,\"commits_s\":%.0f,\"p50_ms\":%.2f,"
                            + "\"p99_ms\":%.2f,\"p999_ms\":%.2f,\"errors\":%d}",
                    name,
                    clients,
                    partitions,
                    nanos.length / elapsed,
                    at(nanos, 0.5),
                    at(nanos, 0.99),
                    at(nanos, 0.999),
                    all.stream().mapToLong(CommittingClient::errors).sum());
        }
    }

    private static double at(long[] sorted, double quantile) {
        return sorted.length == 0 ? -1 : sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
    }

    private void createTopic(Admin admin) throws InterruptedException {
        try {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) -1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Node coordinator(Admin admin) throws Exception {
        String group = "bench-0";
        admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(TOPIC, 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        return Objects.requireNonNull(
                        admin.describeConsumerGroups(List.of(group)).all().get().get(group))
                .coordinator();
    }

    /// What was answered is there.
    private void check(Admin admin, List<CommittingClient> all) throws Exception {
        for (CommittingClient client : all) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(client.group())
                    .partitionsToOffsetAndMetadata()
                    .get();
            long found = Objects.requireNonNull(committed.get(new TopicPartition(TOPIC, 0)))
                    .offset();
            if (found < client.offset()) {
                throw new IllegalStateException(
                        client.group() + " was answered " + client.offset() + " and has " + found);
            }
        }
    }
}
