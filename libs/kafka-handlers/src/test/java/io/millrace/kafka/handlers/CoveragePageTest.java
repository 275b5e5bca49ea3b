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

                Transactions, share groups, streams groups, access control lists, quotas and delegation tokens are not advertised.
                InitProducerId and FindCoordinator refuse a transactional id with `UNSUPPORTED_VERSION`, Produce refuses a
                transactional batch with `INVALID_TXN_STATE`.
                """).toString();
    }

    private static String versions(ApiKeys api) {
        var advertised =
                api.toApiVersionForApiResponse(false, ListenerType.BROKER).orElseThrow();
        return advertised.minVersion() + " to " + advertised.maxVersion();
    }
}
