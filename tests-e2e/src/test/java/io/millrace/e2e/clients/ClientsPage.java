package io.millrace.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.cluster.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// `docs/clients.md`, in which each test that runs a client has its row. The rows are written anew by a run of these
/// tests with `-Dtests.docs=write`, each by the test that makes it, and are compared with the page otherwise.
///
/// Versions are not compared: which one a system installs is not for this page to say.
public final class ClientsPage {
    private static final Path PAGE = Checkout.path("docs/clients.md");
    private static final String HEAD = "| --- | --- | --- | --- |";

    private ClientsPage() {}

    /// One row.
    public record Row(String client, String version, String ran, String result) {
        String line() {
            return "| " + client + " | " + version + outcome();
        }

        /// What must be on the page whatever the version.
        private String outcome() {
            return " | " + ran + " | " + result + " |";
        }

        /// Some clients are there in several versions.
        private boolean isIn(String line) {
            return line.startsWith("| " + client + " | " + generation() + ".");
        }

        private String generation() {
            return version.substring(0, version.indexOf('.'));
        }
    }

    /// A test has passed with this client.
    public static void show(Row row) {
        try {
            List<String> page = Files.readAllLines(PAGE);
            int rows = page.indexOf(HEAD) + 1;
            TreeSet<String> lines = new TreeSet<>(page.stream()
                    .skip(rows)
                    .takeWhile(line -> line.startsWith("|"))
                    .toList());
            if ("write".equals(System.getProperty("tests.docs"))) {
                lines.removeIf(row::isIn);
                lines.add(row.line());
                write(page, rows, lines);
            }
            assertThat(lines).anyMatch(line -> row.isIn(line) && line.endsWith(row.outcome()));
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + PAGE, failed);
        }
    }

    private static void write(List<String> page, int firstRow, Set<String> rows) throws IOException {
        List<String> lines = new ArrayList<>(page.subList(0, firstRow));
        lines.addAll(rows);
        page.stream().skip(firstRow).dropWhile(line -> line.startsWith("|")).forEach(lines::add);
        Files.write(PAGE, lines);
    }
}
