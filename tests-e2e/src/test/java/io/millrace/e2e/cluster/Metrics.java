package io.millrace.e2e.cluster;

import static io.restassured.RestAssured.given;

import java.net.URI;

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
        String page = given().baseUri(rest.toString()).get("/q/metrics").asString();
        return page.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .filter(line -> line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
