package io.millrace.e2e.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The version in the name of a jar.
final class JarVersion {
    private JarVersion() {}

    /// @param prefix all of the name before the version
    static String in(Path directory, String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(prefix + "\\d.*\\.jar"))
                    .map(name -> name.substring(prefix.length(), name.length() - ".jar".length()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + prefix + " in " + directory));
        } catch (IOException missing) {
            throw new UncheckedIOException("the build should have made " + directory, missing);
        }
    }
}
