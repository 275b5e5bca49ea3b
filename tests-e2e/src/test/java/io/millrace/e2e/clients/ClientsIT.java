package io.millrace.e2e.clients;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.WithCluster;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// All clients at once, through one kill -9 of all services: what each sends is in the log, in its order; what each
/// consumes is what is in the log; and its group goes on exactly where it had committed.
@WithCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientsIT {
    private final MillraceCluster cluster;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// How far each client came without a failure.
    private final Map<ClientRun, CompletableFuture<Void>> stories = new LinkedHashMap<>();

    ClientsIT(MillraceCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void goThroughTheStory() {
        Clients clients = new Clients(cluster.bootstrap());
        new KnownClients(cluster.bootstrap())
                .all()
                .forEach(
                        client -> stories.put(new ClientRun(client, clients), CompletableFuture.completedFuture(null)));

        each(ClientRun::start);
        each(run -> run.sendMore(1));
        cluster.kill();
        each(run -> run.sendMore(2));
        cluster.start();
        each(ClientRun::recover);
        each(ClientRun::resume);
    }

    /// A client that has failed stays where it is; the others go on.
    private void each(Consumer<ClientRun> step) {
        stories.replaceAll((run, story) -> story.thenRunAsync(() -> step.accept(run), threads));
        stories.values().forEach(story -> story.handle((_, _) -> null).join());
    }

    @AfterAll
    void stop() {
        stories.keySet().forEach(ClientRun::close);
        threads.close();
    }

    @TestFactory
    Stream<DynamicTest> noneMissesARecordOrItsPlace() {
        return stories.entrySet().stream().map(each -> {
            Client client = each.getKey().client();
            return DynamicTest.dynamicTest(client.name() + " " + client.version(), () -> {
                Await.value(each.getValue());
                ClientsPage.show(row(client));
            });
        });
    }

    private static ClientsPage.Row row(Client client) {
        String twice = switch (client.retries()) {
            case WRITE_ONCE -> "nothing lost, nothing twice, order kept";
            case MAY_REPEAT -> "nothing lost, order kept; not idempotent, so a retry may repeat";
        };
        return new ClientsPage.Row(
                client.name(), client.version(), "produce, consume, group resumed, kill -9 of everything", twice);
    }
}
