package io.millrace.architecture.violation.wal;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/// A framework, a log and a file in the engine.
final class KnowsTheWorld {
    private static final Logger LOG = Logger.getLogger(KnowsTheWorld.class);

    Buffer read(Path path) throws IOException {
        LOG.info("reading");
        return Buffer.buffer(Files.readAllBytes(path));
    }

    String wait(Uni<String> answer) {
        return answer.await().indefinitely();
    }

    Thread start() {
        return Thread.ofPlatform().start(() -> {});
    }
}
