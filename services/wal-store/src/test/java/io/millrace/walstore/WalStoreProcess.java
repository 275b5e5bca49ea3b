package io.millrace.walstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.http.ApiOptions;
import io.millrace.api.http.InternalClient;
import io.millrace.api.http.StoreClient;
import io.millrace.api.instances.InstanceProbe;
import io.millrace.api.instances.ProbeOptions;
import io.millrace.api.instances.StaticInstances;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// wal-store as a real process on free ports, and a client to it.
final class WalStoreProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final int restPort;
    private final int internalPort;
    private final HttpClient http = HttpClient.newHttpClient();

    private WalStoreProcess(Process process, Path log, int restPort, int internalPort) {
        this.process = process;
        this.log = log;
        this.restPort = restPort;
        this.internalPort = internalPort;
    }

    static WalStoreProcess start(Path data, String... properties) throws IOException {
        return start(Optional.of(data), properties);
    }

    static WalStoreProcess startWithoutData(String... properties) throws IOException {
        return start(Optional.empty(), properties);
    }

    private static WalStoreProcess start(Optional<Path> data, String... properties) throws IOException {
        int restPort = freePort();
        int internalPort = freePort();
        Path log = Files.createTempFile("wal-store", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xmx96m"));
        command.add("-Dquarkus.http.port=" + restPort);
        command.add("-Dmillrace.internal.port=" + internalPort);
        command.add("-Dmillrace.peers.wal-store=127.0.0.1:" + internalPort);
        data.ifPresent(directory -> command.add("-Dmillrace.data.directory=" + directory));
        command.addAll(List.of(properties));
        command.addAll(List.of("-jar", "target/quarkus-app/quarkus-run.jar"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL"));
        return new WalStoreProcess(builder.start(), log, restPort, internalPort);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    WalStoreProcess awaitReady() throws IOException, InterruptedException {
        awaitStatus("/q/health/ready", 200);
        return this;
    }

    /// Polls until the path answers with the status; fails with the log when the process ended or the time is over.
    String awaitStatus(String path, int status) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        IOException refusal = null;
        while (System.nanoTime() < deadline && process.isAlive()) {
            Optional<HttpResponse<String>> response = tryGet(path);
            if (response.isPresent() && response.get().statusCode() == status) {
                return response.get().body();
            }
            Thread.sleep(50);
        }
        throw new AssertionError(path + " never answered " + status + "; log:\n" + log(), refusal);
    }

    /// Empty while nobody listens.
    private Optional<HttpResponse<String>> tryGet(String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
                    .build();
            return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    /// The base of the HTTP port.
    String rest() {
        return "http://127.0.0.1:" + restPort;
    }

    int internalPort() {
        return internalPort;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    int awaitExit() throws InterruptedException, IOException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the process ends; log: %s", log())
                .isTrue();
        return process.exitValue();
    }

    /// SIGKILL.
    void kill() throws InterruptedException, IOException {
        process.destroyForcibly();
        var _ = awaitExit();
    }

    /// SIGTERM.
    int terminate() throws InterruptedException, IOException {
        process.destroy();
        return awaitExit();
    }

    Client client() {
        return new Client(new HostPort("127.0.0.1", internalPort));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        http.close();
        Files.deleteIfExists(log);
    }

    /// Another service's view of the process.
    static final class Client implements AutoCloseable {

        private final Vertx vertx = Vertx.vertx();
        private final StaticInstances instances;
        private final StoreClient store;

        private Client(HostPort address) {
            InternalClient internal = new InternalClient(vertx, ApiOptions.defaults());
            var probe = new InstanceProbe(vertx, internal::hello, ProbeOptions.defaults());
            instances = new StaticInstances(probe, Map.of(ServiceKind.WAL_STORE, List.of(address)));
            var self = new Instance(ServiceKind.INGEST, 0, "test", "127.0.0.1", 1, Optional.empty(), "test");
            store = new StoreClient(internal, instances, self);
            store.openAppendStream();
            instances.changes().filter(live -> !live.isEmpty()).toUni().await().atMost(PATIENCE);
        }

        StoreClient store() {
            return store;
        }

        @Override
        public void close() {
            store.close().await().atMost(PATIENCE);
            instances.close();
            var _ = vertx.close();
        }
    }
}
