package io.millrace.mutants;

import io.millrace.mutants.Mutant.Hunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.ToolProvider;

/// The classes that a mutant changes, compiled; in front of the engine's own on a class path they take their place.
///
/// @param classes where they are
record MutatedEngine(Path classes) {

    private static final Path SOURCES = Path.of("..", "wal-engine", "src", "main", "java");

    static MutatedEngine of(Mutant mutant, Path directory) throws IOException {
        Map<Path, String> sources = new TreeMap<>();
        for (Hunk hunk : mutant.hunks()) {
            String source = sources.containsKey(hunk.file())
                    ? sources.get(hunk.file())
                    : Files.readString(SOURCES.resolve(hunk.file()));
            sources.put(hunk.file(), hunk.appliedTo(source));
        }
        Path copies = directory.resolve("sources");
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        for (Map.Entry<Path, String> source : sources.entrySet()) {
            Path copy = copies.resolve(source.getKey());
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, source.getValue());
            arguments.add(copy.toString());
        }
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (code != 0) {
            throw new AssertionError("the mutant " + mutant.name() + " does not compile");
        }
        return new MutatedEngine(classes);
    }

    String classPath() {
        return classes + System.getProperty("path.separator") + System.getProperty("java.class.path");
    }
}
