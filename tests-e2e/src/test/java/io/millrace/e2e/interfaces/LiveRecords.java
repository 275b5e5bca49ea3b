package io.millrace.e2e.interfaces;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// A stream of server-sent events, line by line.
///
/// Threads: one. Errors: a socket time-out when nothing comes for long.
final class LiveRecords implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final HttpURLConnection connection;
    private final BufferedReader lines;

    private LiveRecords(HttpURLConnection connection) throws IOException {
        this.connection = connection;
        this.lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
    }

    /// @param lastEventId nothing for a reader that was not here before
    static LiveRecords open(URI rest, String topic, String lastEventId) throws IOException {
        URI records = rest.resolve("/api/v1/topics/" + topic + "/partitions/0/records/live");
        HttpURLConnection connection = (HttpURLConnection) records.toURL().openConnection();
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setRequestProperty("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            connection.setRequestProperty("Last-Event-ID", lastEventId);
        }
        return new LiveRecords(connection);
    }

    void awaitSignOfLife() throws IOException {
        await(":");
    }

    /// The next record, as JSON.
    String next() throws IOException {
        return await("data:");
    }

    private String await(String prefix) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(prefix)) {
            line = lines.readLine();
        }
        if (line == null) {
            throw new EOFException("the stream ended");
        }
        return line;
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
