package io.millrace.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One bug: which lines of which sources it replaces.
///
/// ```
/// # What is wrong with it.
/// file io/millrace/wal/Segment.java
///  a line that stays
/// -a line that goes
/// +a line that comes
/// ```
///
/// A blank line ends a hunk; a file may have several. The lines of a hunk occur in their file exactly once.
record Mutant(String name, String description, List<Hunk> hunks) {

    private static final String SUFFIX = ".mutant";

    /// Lines that are replaced as a whole.
    record Hunk(Path file, String before, String after) {

        String appliedTo(String source) {
            int occurrences = source.split(Pattern.quote(before), -1).length - 1;
            if (occurrences != 1) {
                throw new AssertionError(
                        file + " has these lines " + occurrences + " times; bring the mutant up to date:\n" + before);
            }
            return source.replace(before, after);
        }
    }

    static List<Mutant> all(Path directory) throws IOException {
        List<Mutant> mutants = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                mutants.add(read(file));
            }
        }
        mutants.sort((one, other) -> one.name().compareTo(other.name()));
        return mutants;
    }

    private static Mutant read(Path path) throws IOException {
        String name = path.getFileName().toString().replace(SUFFIX, "");
        List<Hunk> hunks = new ArrayList<>();
        StringBuilder description = new StringBuilder();
        Path file = Path.of("");
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            if (line.startsWith("# ")) {
                description.append(line, 1, line.length());
            } else if (line.startsWith("file ")) {
                file = Path.of(line.substring("file ".length()));
            } else if (!line.isEmpty()) {
                lines.add(line);
            } else if (!lines.isEmpty()) {
                hunks.add(hunk(file, lines));
                lines.clear();
            }
        }
        if (!lines.isEmpty()) {
            hunks.add(hunk(file, lines));
        }
        return new Mutant(name, description.toString().strip(), hunks);
    }

    private static Hunk hunk(Path file, List<String> lines) {
        return new Hunk(file, without('+', lines), without('-', lines));
    }

    private static String without(char mark, List<String> lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line.charAt(0) != mark) {
                text.append(line, 1, line.length()).append('\n');
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
