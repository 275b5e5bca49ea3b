package io.millrace.loadtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/// A registry with Confluent's interface.
///
/// Threads: any; a call blocks for at most ten seconds. Errors: [UncheckedIOException].
final class SchemaRegistry {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int OK = 200;

    private final URI base;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(DEADLINE).build();
    private final ObjectMapper json = new ObjectMapper();

    SchemaRegistry(URI base) {
        this.base = base;
    }

    /// Registers the Avro schema, or finds it registered.
    ///
    /// @return its id
    int register(String subject, String schema) {
        try {
            String body = json.writeValueAsString(Map.of("schema", schema));
            URI address = URI.create(base.toString().replaceAll("/+$", "") + "/subjects/" + subject + "/versions");
            HttpRequest request = HttpRequest.newBuilder(address)
                    .timeout(DEADLINE)
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode id = json.readTree(answer.body()).path("id");
            if (answer.statusCode() != OK || !id.isInt()) {
                throw new IOException("the registry answered " + answer.statusCode() + " " + answer.body());
            }
            return id.intValue();
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot register " + subject, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
