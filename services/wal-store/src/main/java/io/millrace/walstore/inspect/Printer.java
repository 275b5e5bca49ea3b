package io.millrace.walstore.inspect;

import java.io.IOException;
import java.io.PrintStream;

/// Prints lines until nobody reads them any more.
///
/// Threads: one. Ownership: the stream is the caller's.
final class Printer {

    /// How the lines look.
    enum Format {
        TEXT,
        JSON
    }

    private static final int CHECK_EVERY_LINES = 1_024;

    private final PrintStream out;
    private final Format format;
    private int lineCount;

    Printer(PrintStream out, Format format) {
        this.out = out;
        this.format = format;
    }

    void print(Line line) throws IOException {
        print("", line);
    }

    /// A line that belongs to the one before.
    void printBelow(Line line) throws IOException {
        print("  ", line);
    }

    private void print(String indent, Line line) throws IOException {
        out.println(
                switch (format) {
                    case TEXT -> indent + line.text();
                    case JSON -> line.json();
                });
        lineCount++;
        // Looking flushes, so not after every line.
        if (lineCount % CHECK_EVERY_LINES == 0 && out.checkError()) {
            throw new IOException("nobody reads the output any more");
        }
    }
}
