package io.millrace.loadtest;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// Lines over time, as SVG.
///
/// @param isLogarithmic for values that differ by powers of ten
record Chart(String title, String unit, boolean isLogarithmic, List<Line> lines) {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int BOTTOM = 30;
    private static final int TOP = 30;
    private static final int GRID_LINES = 4;

    /// One line: its color is CSS's.
    record Line(String name, String color, ToDoubleFunction<Timeline.Sample> value) {}

    String svg(List<Timeline.Sample> samples, List<Timeline.Mark> marks) {
        double seconds =
                samples.stream().mapToDouble(Timeline.Sample::second).max().orElse(1);
        double top = Math.max(
                1,
                samples.stream()
                        .flatMapToDouble(sample ->
                                lines.stream().mapToDouble(line -> line.value().applyAsDouble(sample)))
                        .max()
                        .orElse(1));
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT, "<svg viewBox='0 0 %d %d' width='%d' height='%d'>", WIDTH, HEIGHT, WIDTH, HEIGHT));
        svg.append(String.format(Locale.ROOT, "<text x='%d' y='18' class='title'>%s (%s)</text>", LEFT, title, unit));
        for (int i = 0; i <= GRID_LINES; i++) {
            double share = (double) i / GRID_LINES;
            double value = isLogarithmic ? Math.pow(top, share) : top * share;
            double y = y(value, top);
            svg.append(String.format(
                    Locale.ROOT, "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' class='grid'/>", LEFT, WIDTH, y, y));
            svg.append(String.format(
                    Locale.ROOT, "<text x='%d' y='%.1f' class='tick'>%,.0f</text>", LEFT - 6, y + 4, value));
        }
        for (Timeline.Mark mark : marks) {
            double x = x(mark.second(), seconds);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' class='mark'><title>%s</title></line>",
                    x,
                    x,
                    TOP,
                    HEIGHT - BOTTOM,
                    mark.what()));
        }
        int legend = LEFT + WIDTH / 2;
        for (Line line : lines) {
            String points = samples.stream()
                    .map(sample -> String.format(
                            Locale.ROOT,
                            "%.1f,%.1f",
                            x(sample.second(), seconds),
                            y(line.value().applyAsDouble(sample), top)))
                    .collect(Collectors.joining(" "));
            svg.append(String.format(Locale.ROOT, "<polyline points='%s' stroke='%s'/>", points, line.color()));
            svg.append(String.format(
                    Locale.ROOT, "<text x='%d' y='18' fill='%s'>%s</text>", legend, line.color(), line.name()));
            legend += 110;
        }
        svg.append(String.format(
                Locale.ROOT, "<text x='%d' y='%d' class='tick'>%.0f s</text>", WIDTH - 4, HEIGHT - 8, seconds));
        return svg.append("</svg>").toString();
    }

    private double x(double second, double seconds) {
        return LEFT + (WIDTH - LEFT) * second / seconds;
    }

    private double y(double value, double top) {
        double share = isLogarithmic ? Math.log(Math.max(1, value)) / Math.log(Math.max(2, top)) : value / top;
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share;
    }
}
