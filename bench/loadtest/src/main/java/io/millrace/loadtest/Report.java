package io.millrace.loadtest;

import io.millrace.loadtest.Timeline.Latencies;
import io.millrace.loadtest.Timeline.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// One HTML file that needs nothing else: the verdict, the account, latencies, charts.
final class Report {
    private static final List<Chart> CHARTS = List.of(
            new Chart(
                    "Throughput",
                    "records/s",
                    false,
                    List.of(
                            new Chart.Line(
                                    "acknowledged",
                                    "#1f77b4",
                                    sample -> sample.acknowledged().count()),
                            new Chart.Line(
                                    "received",
                                    "#2ca02c",
                                    sample -> sample.received().count()))),
            latency("From send to acknowledgement", true),
            latency("From send to receipt", false));

    private Report() {}

    private static Chart latency(String title, boolean isAcknowledged) {
        return new Chart(
                title,
                "µs, logarithmic",
                true,
                List.of(
                        new Chart.Line(
                                "p50",
                                "#2ca02c",
                                sample -> of(sample, isAcknowledged).p50()),
                        new Chart.Line(
                                "p99",
                                "#ff7f0e",
                                sample -> of(sample, isAcknowledged).p99()),
                        new Chart.Line(
                                "max",
                                "#d62728",
                                sample -> of(sample, isAcknowledged).max())));
    }

    private static Latencies of(Sample sample, boolean isAcknowledged) {
        return isAcknowledged ? sample.acknowledged() : sample.received();
    }

    static void write(Options options, Tracker.Result result, Timeline timeline) throws IOException {
        String charts = CHARTS.stream()
                .map(chart -> "<p>" + chart.svg(timeline.samples(), timeline.marks()) + "</p>")
                .collect(Collectors.joining("\n"));
        String marks = timeline.marks().stream()
                .map(mark -> String.format(Locale.ROOT, "<li>%.1f s: %s</li>", mark.second(), mark.what()))
                .collect(Collectors.joining("\n"));
        Files.writeString(options.report(), """
                <!doctype html><meta charset="utf-8"><title>Load test</title>
                <style>
                body { font: 14px sans-serif; max-width: 960px; margin: 2em auto }
                td, th { text-align: right; padding: 2px 12px }
                svg { font-size: 12px } polyline { fill: none; stroke-width: 1.5 }
                .grid { stroke: #ddd } .mark { stroke: #d62728; stroke-dasharray: 3 3 }
                .tick { text-anchor: end; fill: #666 } .title { font-weight: bold }
                </style>
                <h1>Load test: %s, %s</h1>
                <p>%s</p>
                <table>%s</table>
                %s
                <ul>%s</ul>
                """.formatted(
                        options.profile().name().toLowerCase(Locale.ROOT),
                        result.isCorrect() ? "correct" : "NOT CORRECT",
                        account(result).replace("\n", "<br>"),
                        table(timeline.whole()),
                        charts,
                        marks));
    }

    /// In words, for the console too.
    static String account(Tracker.Result result) {
        return String.format(
                Locale.ROOT,
                """
                %,d sent, %,d acknowledged, %,d given up by their producers (stored or not), %,d received
                %,d lost, %,d duplicated, %,d reordered, %,d offsets skipped, %,d delivered again by their group""",
                result.sent(),
                result.acknowledged(),
                result.failed(),
                result.received(),
                result.lost(),
                result.duplicated(),
                result.reordered(),
                result.skipped(),
                result.deliveredAgain());
    }

    private static String table(Sample whole) {
        return "<tr><th></th><th>records</th><th>p50 µs</th><th>p99 µs</th><th>p99.9 µs</th><th>max µs</th></tr>"
                + row("acknowledged", whole.acknowledged()) + row("received", whole.received());
    }

    private static String row(String name, Latencies latencies) {
        return String.format(
                Locale.ROOT,
                "<tr><th>%s</th><td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td><td>%,d</td></tr>",
                name,
                latencies.count(),
                latencies.p50(),
                latencies.p99(),
                latencies.p999(),
                latencies.max());
    }
}
