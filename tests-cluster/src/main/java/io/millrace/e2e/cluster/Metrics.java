package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// What one service counts, as it says itself.
///
/// Threads: immutable.
///
/// @param rest the base of the service's HTTP port
public record Metrics(URI rest) {

    /// The sum over all tags, 0 if nothing was counted yet.
    public double sum(String name) {
        return sum(name, "");
    }

    /// The sum over all tags among which this one is, as in `area="heap"`.
    public double sum(String name, String tag) {
        return page().lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String page() {
        try (InputStream page = rest.resolve("/q/metrics").toURL().openStream()) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read the metrics of " + rest, failed);
        }
    }
}
