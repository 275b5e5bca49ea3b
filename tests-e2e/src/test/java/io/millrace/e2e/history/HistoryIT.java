package io.millrace.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Seed;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.Tier;
import io.millrace.e2e.history.Event.Acknowledged;
import io.millrace.e2e.history.Event.Committed;
import io.millrace.e2e.history.Event.CommittedTold;
import io.millrace.e2e.history.Event.EndTold;
import io.millrace.e2e.history.Event.Read;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Services are killed, stopped and restarted at random while clients write, read, ask and commit; then their history
/// must keep all rules.
final class HistoryIT {
    private static final Duration LENGTH = Tier.length(Duration.ofSeconds(30), Duration.ofMinutes(10));
    private static final int PAUSE_MILLIS_MAX = Tier.rounds(3_000, 30_000);
    private static final List<Service> SERVICES = List.of(Service.values());
    private static final int KINDS = 4;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyHistoryKeepsTheRules(int round) {
        Random random = Seed.print("HistoryIT " + round).random();
        History history = new History();
        try (MillraceCluster cluster = MillraceCluster.start(ClusterOptions.named("history-" + round));
                Cast cast = new Cast(
                        history,
                        List.of(cluster.kafka(Service.INGEST), cluster.kafka(Service.FETCH)),
                        "history",
                        random)) {
            long end = System.nanoTime() + LENGTH.toNanos();
            while (System.nanoTime() < end) {
                cast.awaitAcknowledged(random.nextInt(500));
                strike(cluster, random);
            }
            cast.awaitAcknowledged(100);
            cast.finish();
            assertThat(cast.failures()).isEmpty();
        }

        HistoryCheck.assertKept(history);
        print(history);
    }

    private static void strike(MillraceCluster cluster, Random random) {
        Service struck = SERVICES.get(random.nextInt(SERVICES.size()));
        switch (random.nextInt(KINDS)) {
            case 0 -> {
                cluster.kill(struck);
                cluster.start(struck);
            }
            case 1 -> {
                cluster.terminate(struck);
                cluster.start(struck);
            }
            case 2 -> {
                cluster.pause(struck);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(PAUSE_MILLIS_MAX)));
                cluster.resume(struck);
            }
            default -> {
                cluster.kill();
                cluster.start();
            }
        }
    }

    private static void print(History history) {
        System.out.println("HistoryIT: " + history.count(Acknowledged.class) + " acknowledged, "
                + history.count(Read.class) + " read, " + history.count(EndTold.class) + " ends told, "
                + history.count(Committed.class) + " committed, " + history.count(CommittedTold.class)
                + " committed offsets told");
    }
}
