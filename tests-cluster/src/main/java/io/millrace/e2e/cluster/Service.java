package io.millrace.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The four services, in the order in which a data path meets them.
public enum Service {
    INGEST("ingest", 1_000),
    FETCH("fetch", 2_000),
    OFFSET_COORDINATOR("offset-coordinator", 3_000),
    WAL_STORE("wal-store", Service.NO_NODE);

    private static final int NO_NODE = -1;

    private final String id;

    /// Of its first instance, as a Kafka node.
    private final int firstNodeId;

    Service(String id, int firstNodeId) {
        this.id = id;
        this.firstNodeId = firstNodeId;
    }

    /// As in the names of modules, directories and settings.
    public String id() {
        return id;
    }

    public boolean hasKafkaListener() {
        return firstNodeId != NO_NODE;
    }

    /// Of the instance with this ordinal; wal-store is no Kafka node.
    int nodeId(int ordinal) {
        return firstNodeId + ordinal;
    }

    Path application() {
        return directory().resolve("quarkus-run.jar");
    }

    /// The JVM's options.
    Path options() {
        return directory().resolve("../../jvm.args").normalize();
    }

    /// Recorded by the launcher, if it was used since the build.
    Optional<Path> startUpCache() {
        return Optional.of(directory().resolve("app.aot")).filter(Files::exists);
    }

    /// Where the build put the application.
    private Path directory() {
        return Checkout.path("services/" + id + "/target/quarkus-app");
    }
}
