package io.millrace.e2e.registry;

import static io.restassured.RestAssured.given;

import io.millrace.e2e.client.Program;
import io.millrace.e2e.cluster.FreePorts;
import io.restassured.response.Response;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Apicurio Registry as it is released, with Kafka storage and the API of Confluent's registry.
///
/// Threads: one. Its data are in memory and in Kafka; a new process knows what it reads there.
final class Apicurio implements AutoCloseable {
    static final String JOURNAL = "kafkasql-journal";

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration START = Duration.ofMinutes(2);
    private static final String API = "/apis/ccompat/v7";

    private final String bootstrap;
    private final int port;
    private final int managementPort;
    private @Nullable Program process;

    Apicurio(String bootstrap) {
        FreePorts free = new FreePorts();
        this.bootstrap = bootstrap;
        this.port = free.next();
        this.managementPort = free.next();
    }

    /// Returns when it has read its journal.
    void start() {
        Map<String, String> settings = Map.of(
                "apicurio.storage.kind",
                "kafkasql",
                "apicurio.kafkasql.bootstrap.servers",
                bootstrap,
                // It waits as long for each topic that may have no more records.
                "apicurio.kafkasql.consumer.poll.timeout",
                "500",
                "quarkus.http.host",
                LOOPBACK,
                "quarkus.http.port",
                Integer.toString(port),
                "quarkus.management.host",
                LOOPBACK,
                "quarkus.management.port",
                Integer.toString(managementPort));
        Path home = Path.of("target", "apicurio").toAbsolutePath();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1");
        settings.forEach((name, value) -> builder.command().add("-D" + name + "=" + value));
        builder.command().addAll(List.of("-jar", "quarkus-run.jar"));
        Program started = Program.start(builder.directory(home.toFile()));
        process = started;
        started.awaitOutput(
                "the registry is ready",
                START,
                lines -> Stream.of("KafkaSQL storage bootstrapped", "Listening on: ")
                        .allMatch(sign -> lines.stream().anyMatch(line -> line.contains(sign))));
    }

    /// SIGKILL.
    void kill() {
        Objects.requireNonNull(process).kill();
    }

    String version() {
        return get("/apis/registry/v3/system/info").jsonPath().getString("version");
    }

    /// Registers what must be acceptable; returns its id.
    int register(String subject, String schema) {
        Response response = post("/subjects/" + subject + "/versions", Map.of("schema", schema));
        response.then().statusCode(200);
        return response.jsonPath().getInt("id");
    }

    /// Tries to register; returns the status of the answer.
    int attempt(String subject, String schema) {
        return post("/subjects/" + subject + "/versions", Map.of("schema", schema))
                .statusCode();
    }

    void demand(String subject, String compatibility) {
        given().contentType("application/json")
                .body(Map.of("compatibility", compatibility))
                .put(uri(API + "/config/" + subject))
                .then()
                .statusCode(200);
    }

    boolean isCompatible(String subject, String schema) {
        Response response = post("/compatibility/subjects/" + subject + "/versions/latest", Map.of("schema", schema));
        response.then().statusCode(200);
        return response.jsonPath().getBoolean("is_compatible");
    }

    List<String> subjects() {
        return get(API + "/subjects").jsonPath().getList("", String.class);
    }

    List<Integer> versions(String subject) {
        return get(API + "/subjects/" + subject + "/versions").jsonPath().getList("", Integer.class);
    }

    Registered version(String subject, int version) {
        var answer = get(API + "/subjects/" + subject + "/versions/" + version).jsonPath();
        return new Registered(answer.getInt("id"), answer.getString("schema"));
    }

    String byId(int id) {
        return get(API + "/schemas/ids/" + id).jsonPath().getString("schema");
    }

    /// One version of a subject.
    record Registered(int id, String schema) {}

    @Override
    public void close() {
        Program running = process;
        if (running != null) {
            running.close();
        }
    }

    private Response get(String path) {
        Response response = given().get(uri(path));
        response.then().statusCode(200);
        return response;
    }

    private Response post(String path, Map<String, String> body) {
        return given().contentType("application/json").body(body).post(uri(API + path));
    }

    private String uri(String path) {
        return "http://" + LOOPBACK + ":" + port + path;
    }
}
