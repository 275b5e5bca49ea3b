package io.millrace.kafka.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/// The page of supported APIs says what the code says. To write it anew: `./mvnw test -pl libs/kafka-handlers -am
/// -Dtest=CoveragePageTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dtests.docs=write`
final class CoveragePageTest {

    private static final Path PAGE = Path.of("../../docs/kafka-coverage.md");

    @Test
    void thePageSaysWhatTheCodeSays() throws IOException {
        String page = page();
        if ("write".equals(System.getProperty("tests.docs"))) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Kafka APIs

                Generated from the code; `CoveragePageTest` says how to write it anew. These are the requests that every listener
                advertises, in these versions and no others; any other request closes the connection, as in Kafka. The columns say what
                each service does with a request that reaches it. `NOT_LEADER_OR_FOLLOWER` and `NOT_COORDINATOR` are errors upon which
                clients look up the right node and go there.

                Versions 0 to 2 of Produce are named as Kafka names them, because older librdkafka looks for them before it uses a
                newer one; a request in one of them closes the connection.

                | API | Versions | ingest | fetch | offset-coordinator |
                | --- | --- | --- | --- | --- |
                """);
        for (Routes.Row row : Routes.table()) {
            page.append("| ")
                    .append(row.api().name)
                    .append(" | ")
                    .append(versions(row.api()))
                    .append(" | ")
                    .append(row.ingest().description())
                    .append(" | ")
                    .append(row.fetch().description())
                    .append(" | ")
                    .append(row.offsetCoordinator().description())
                    .append(" |\n");
        }
        return page.append("""

                Transactions, share groups, delegation tokens, and what is about Kafka's own controllers
                (UnregisterBroker, AddRaftVoter, RemoveRaftVoter) are not advertised. InitProducerId and FindCoordinator refuse a
                transactional id with `UNSUPPORTED_VERSION`, Produce refuses a transactional batch with `INVALID_TXN_STATE`.

                Some requests have a narrower meaning here than in Kafka:

                * **AlterConfigs, IncrementalAlterConfigs, DescribeConfigs** know topics, groups and client metrics. A node's own
                  settings can be described at that node; they are read when it starts, so that altering them, or log levels, is
                  `INVALID_REQUEST`. `share.*` and `streams.*` configurations of groups are refused.
                * **AlterClientQuotas** takes `producer_byte_rate` and `consumer_byte_rate` of users (everybody is `ANONYMOUS`) and client
                  ids. The other quotas of Kafka are not enforced, and so refused with `INVALID_REQUEST`.
                * **GetTelemetrySubscriptions, PushTelemetry**: what clients send is in the metrics of the instance that they sent it to,
                  as `millrace_client_metric`.
                * **CreateTopics, AlterPartitionReassignments** refuse an assignment of partitions to nodes with
                  `INVALID_REPLICA_ASSIGNMENT`, unless it is the one that there is: the cluster places partitions itself.
                * **ElectLeaders**: every partition has its preferred leader, `ELECTION_NOT_NEEDED`.
                * **DescribeLogDirs, AlterReplicaLogDirs**: there is one directory, wal-store's. Each ingest instance tells of the
                  partitions that it leads, the others of a directory `none` without any. Moving a partition to another directory
                  is `LOG_DIR_NOT_FOUND`.
                * **DescribeQuorum** describes the catalog: a quorum of one at the controller, whose offset is the catalog's version.
                * **UpdateFeatures**: each feature has one level; every other one is `INVALID_UPDATE_VERSION`.
                * **Access control lists** are `SECURITY_DISABLED`. Nobody has **SCRAM credentials**, and setting some is
                  `UNSUPPORTED_SASL_MECHANISM`.
                """).toString();
    }

    private static String versions(ApiKeys api) {
        var advertised =
                api.toApiVersionForApiResponse(false, ListenerType.BROKER).orElseThrow();
        return advertised.minVersion() + " to " + advertised.maxVersion();
    }
}
