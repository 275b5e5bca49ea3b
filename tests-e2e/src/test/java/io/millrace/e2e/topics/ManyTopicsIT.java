package io.millrace.e2e.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.Load;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.journal.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// As many topics as one node must hold, in the memory of one machine: none is lost when all services are killed, and
/// every service has the same catalog, before and after.
///
/// Source: failure F30 (1,200 topics did not fit into memory; catalogs differed after a restart).
final class ManyTopicsIT {
    private static final int TOPICS = Tier.rounds(1_000, 10_000);
    private static final int TOPICS_PER_REQUEST = 500;
    private static final int VALUE_BYTES_MAX = 200;
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    @AutoClose
    private final MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("many-topics"));

    private final Clients clients = new Clients(cluster.bootstrap());
    private final String[] names =
            IntStream.range(0, TOPICS).mapToObj(i -> "many-" + i).toArray(String[]::new);

    /// What one service says of a topic.
    private record Described(Uuid id, int partitionCount) {}

    @Test
    void allOfThemSurviveThatEverythingIsKilled() {
        create();
        try (Load load = new Load("many", clients.producer(), new Random(30))) {
            Stream.of(names).forEach(name -> load.send(name, 0, VALUE_BYTES_MAX));
            load.flush();
            assertThat(load.failures()).isEmpty();
            Map<String, Described> before = catalogOfAll();

            cluster.kill();
            cluster.start();

            assertThat(before).hasSize(TOPICS);
            assertThat(catalogOfAll()).isEqualTo(before);
            Comparison.of(load.journal().entries(), new Reading(clients).journal(names))
                    .assertEqual();
        }
        System.out.println("ManyTopicsIT: " + TOPICS + " topics, MB of resident memory: " + residentMegabytes());
    }

    private void create() {
        try (Admin admin = clients.admin()) {
            for (int from = 0; from < TOPICS; from += TOPICS_PER_REQUEST) {
                List<NewTopic> asked = new ArrayList<>();
                for (int i = from; i < Math.min(TOPICS, from + TOPICS_PER_REQUEST); i++) {
                    asked.add(new NewTopic(names[i], 1, (short) -1));
                }
                Await.value(admin.createTopics(asked).all());
            }
        }
    }

    /// What all services say, which must be the same.
    private Map<String, Described> catalogOfAll() {
        List<Map<String, Described>> said =
                LISTENERS.stream().map(this::catalogOf).toList();
        assertThat(said).containsOnly(said.getFirst());
        return said.getFirst();
    }

    private Map<String, Described> catalogOf(Service service) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(service))) {
            MetadataRequestData everything = new MetadataRequestData().setTopics(null);
            Map<String, Described> said = new TreeMap<>();
            for (var topic :
                    connection.call(everything, 12, MetadataResponseData.class).topics()) {
                said.put(
                        topic.name(),
                        new Described(topic.topicId(), topic.partitions().size()));
            }
            return said;
        }
    }

    private String residentMegabytes() {
        return Stream.of(Service.values())
                .map(service -> service.id() + " " + cluster.process(service).residentBytes() / 1_000_000)
                .collect(Collectors.joining(", "));
    }
}
