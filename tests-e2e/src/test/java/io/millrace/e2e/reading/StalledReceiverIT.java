package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.ListenerReader;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.SteadyLoad;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.MillraceCluster.KafkaNode;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.journal.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// On each kind of stream somebody does not read: clients their sockets, a fetch instance its tail feed, an
/// offset-coordinator its catalog feed, an ingest instance the outcomes of its appends. The others go on as if nothing
/// were, in bounded memory, and whoever reads again has missed nothing.
///
/// Source: DESIGN, "Promises" 8.
final class StalledReceiverIT {
    private static final Duration LENGTH = Tier.length(Duration.ofSeconds(10), Duration.ofSeconds(60));

    /// In each of these windows so many records are acknowledged and read.
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private static final int STEP = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PARTITIONS = 16;
    private static final int VALUE_BYTES_MAX = 20_000;
    private static final int PRELOADED = 1_000;

    /// What wal-store keeps for a follower of the tail that does not read, and what else may come to be in its heap.
    private static final int PENDING_BYTES = 1 << 20;

    private static final int ROOM_BYTES = 16 << 20;
    private static final int CATALOG_CHANGES_MAX = 8;

    private final List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
            .mapToObj(partition -> new TopicPartition("stalled", partition))
            .toList();

    @SuppressWarnings("NullAway.Init")
    private MillraceCluster cluster;

    @SuppressWarnings("NullAway.Init")
    private Clients clients;

    @SuppressWarnings("NullAway.Init")
    private RawTopic topic;

    @BeforeEach
    void start() {
        ClusterOptions options = ClusterOptions.named("stalled")
                .withInstances(Service.INGEST, 2)
                .withInstances(Service.FETCH, 2)
                // The streams are to last as long as the stall does.
                .with("millrace.streams.silence-max", "10m")
                .with("millrace.streams.tail-pending-max", Integer.toString(PENDING_BYTES))
                .with("millrace.streams.catalog-changes-max", Integer.toString(CATALOG_CHANGES_MAX));
        cluster = MillraceCluster.start(options);
        clients = new Clients(cluster.bootstrap());
        clients.createTopic("stalled", PARTITIONS);
        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            topic = RawTopic.find(connection, "stalled");
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whoDoesNotReadHoldsUpNobodyAndMissesNothing() {
        KafkaNode ingest = cluster.node(Service.INGEST, 0);
        KafkaNode pausedIngest = cluster.node(Service.INGEST, 1);
        KafkaNode fetch = cluster.node(Service.FETCH, 0);
        KafkaNode pausedFetch = cluster.node(Service.FETCH, 1);
        try (Load load = new Load("steady", clients.producer(), new Random(1));
                Load held = new Load("held", clients.producer(), new Random(2));
                ListenerReader reader = ListenerReader.start(fetch.address(), topic, partitions);
                ListenerReader heldReader = ListenerReader.start(pausedFetch.address(), topic, partitions)) {
            // A reader that is never at the end has no batches pushed, so there would be no feed to stall.
            Awaitility.await("the readers wait at the ends")
                    .atMost(PATIENCE)
                    .until(() -> reader.hasAsked() && heldReader.hasAsked());
            List<DeafReader> deaf;
            try (SteadyLoad steady = SteadyLoad.start(load, ledBy(ingest), VALUE_BYTES_MAX);
                    SteadyLoad heldUp = SteadyLoad.start(held, ledBy(pausedIngest), VALUE_BYTES_MAX)) {
                steady.awaitAcknowledged(PRELOADED);
                heldUp.awaitAcknowledged(PRELOADED);
                long heapBefore = walStoreHeap();
                List<KafkaNode> paused =
                        List.of(pausedFetch, pausedIngest, cluster.node(Service.OFFSET_COORDINATOR, 0));
                deaf = List.of(DeafReader.of(fetch, topic), DeafReader.of(ingest, topic));
                paused.forEach(cluster::pause);

                awaitProgress(load, reader);
                createTopics();
                awaitProgress(load, reader);
                awaitLeftOut();
                long heapWhile = walStoreHeap();
                paused.forEach(cluster::resume);

                assertThat(heapWhile - heapBefore).isLessThan(PENDING_BYTES + ROOM_BYTES);
                heldUp.awaitAcknowledged(STEP);
            }
            load.flush();
            held.flush();
            assertReadEverything(List.of(load, held), List.of(reader, heldReader));
            deaf.forEach(DeafReader::readAll);
            consumeInGroup();
        }
    }

    /// Those that have this node as leader; Metadata names both instances once they have found each other.
    private List<TopicPartition> ledBy(KafkaNode leader) {
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(Map.of())) {
            return Awaitility.await("a partition is led by " + leader.id())
                    .atMost(PATIENCE)
                    .until(
                            () -> consumer.partitionsFor("stalled").stream()
                                    .filter(info -> info.leader().id() == leader.id())
                                    .map(info -> partitions.get(info.partition()))
                                    .toList(),
                            led -> !led.isEmpty());
        }
    }

    private void awaitProgress(Load load, ListenerReader reader) {
        long deadline = System.nanoTime() + LENGTH.toNanos() / 2;
        while (System.nanoTime() < deadline) {
            int acknowledged = load.journal().size() + STEP;
            int read = reader.size() + STEP;
            Awaitility.await("records are acknowledged and read")
                    .atMost(WINDOW)
                    .until(() -> load.journal().size() >= acknowledged && reader.size() >= read);
        }
    }

    /// Windows and queue are full, and what comes now is not kept for the follower of the tail.
    private void awaitLeftOut() {
        Awaitility.await("batches are left out")
                .atMost(PATIENCE)
                .until(() -> cluster.metrics(Service.WAL_STORE).sum("millrace_wal_tail_left_out_bytes_total") > 0);
        // Of the one that is paused, and what just now waits for the other.
        assertThat(cluster.metrics(Service.WAL_STORE).sum("millrace_wal_tail_waiting_bytes"))
                .isBetween(1.0, 2.0 * PENDING_BYTES);
    }

    /// More than may wait for a follower of the catalog.
    private void createTopics() {
        IntStream.rangeClosed(0, 2 * CATALOG_CHANGES_MAX).forEach(i -> clients.createTopic("meanwhile-" + i, 1));
    }

    private long walStoreHeap() {
        ServiceProcess walStore = cluster.process(Service.WAL_STORE);
        walStore.collectGarbage();
        return (long) walStore.metrics().sum("jvm_memory_used_bytes", "area=\"heap\"");
    }

    private static void assertReadEverything(List<Load> loads, List<ListenerReader> readers) {
        Journal acknowledged = new Journal();
        for (Load load : loads) {
            assertThat(load.failures()).isEmpty();
            load.journal().entries().forEach(acknowledged::add);
        }
        for (ListenerReader reader : readers) {
            Awaitility.await("everything is read").atMost(PATIENCE).until(() -> reader.hasReached(acknowledged.ends()));
            reader.close();
            reader.assertRead(acknowledged);
        }
    }

    /// offset-coordinator assigns partitions of the last topic that was created while it did not read.
    private void consumeInGroup() {
        String last = "meanwhile-" + 2 * CATALOG_CHANGES_MAX;
        try (Load load = new Load("late", clients.producer(), new Random(3))) {
            load.send(last, 0, 100);
            load.flush();
        }
        Map<String, Object> settings =
                Map.of("group.id", "late", "group.protocol", "consumer", "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer(settings)) {
            consumer.subscribe(List.of(last));
            Awaitility.await("the group reads " + last)
                    .atMost(PATIENCE)
                    .until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync();
        }
    }
}
