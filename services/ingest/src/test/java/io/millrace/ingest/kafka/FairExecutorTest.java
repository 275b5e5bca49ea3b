package io.millrace.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.kafka.wire.ClientDetails;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FairExecutorTest {

    private final List<Runnable> given = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final FairExecutor executor = new FairExecutor(given::add);

    @Test
    void aConnectionThatAsksForMuchTakesOneThread() {
        execute(1, "greedy 0");
        execute(1, "greedy 1");
        execute(1, "greedy 2");
        execute(2, "modest");
        assertThat(given).hasSize(2);

        runAll();

        assertThat(done).containsExactly("greedy 0", "modest", "greedy 1", "greedy 2");
    }

    @Test
    void aConnectionGoesOnAfterATaskThatFailed() {
        executor.execute(client(1), () -> {
            throw new IllegalStateException("broken");
        });
        execute(1, "next");

        assertThatIllegalStateException().isThrownBy(() -> given.removeFirst().run());
        runAll();
        execute(1, "later");
        runAll();

        assertThat(done).containsExactly("next", "later");
    }

    private void execute(int port, String task) {
        executor.execute(client(port), () -> done.add(task));
    }

    private void runAll() {
        while (!given.isEmpty()) {
            given.removeFirst().run();
        }
    }

    private static ClientDetails client(int port) {
        return ClientDetails.unnamed("127.0.0.1", port, "kafka");
    }
}
