package io.millrace.e2e.messaging;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.reactive.messaging.Channel;

/// `produce` sends each line of its input, and ends when the last one is acknowledged; `consume` receives until it is
/// ended.
@QuarkusMain
public final class MessagingMain implements QuarkusApplication {
    private final MutinyEmitter<String> sent;

    MessagingMain(@Channel("sent") MutinyEmitter<String> sent) {
        this.sent = sent;
    }

    @Override
    public int run(String... arguments) throws IOException {
        if (arguments[0].equals("consume")) {
            Quarkus.waitForExit();
            return 0;
        }
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                sent.sendAndAwait(line);
            }
        }
        return 0;
    }
}
