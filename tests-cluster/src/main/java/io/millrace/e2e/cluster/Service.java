package io.millrace.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The four services, in the order in which a data path meets them.
public enum Service {
    INGEST("ingest", Listener.KAFKA),
    FETCH("fetch", Listener.KAFKA),
    OFFSET_COORDINATOR("offset-coordinator", Listener.KAFKA),
    WAL_STORE("wal-store", Listener.NONE);

    private enum Listener {
        KAFKA,
        NONE
    }

    private final String id;
    private final Listener listener;

    Service(String id, Listener listener) {
        this.id = id;
        this.listener = listener;
    }

    /// As in the names of modules, directories and settings.
    public String id() {
        return id;
    }

    public boolean hasKafkaListener() {
        return listener == Listener.KAFKA;
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
