package io.millrace.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The files of this repository, as the build sees them.
record SourceTree(Path root) {

    private static final Set<String> NOT_OURS =
            Set.of(".git", ".millrace", ".idea", ".vscode", "target", "node_modules", ".mvn");

    /// The repository around the module whose tests run.
    static SourceTree ofThisRepository() {
        var directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("No mvnw above " + Path.of("").toAbsolutePath());
            }
        }
        return new SourceTree(directory);
    }

    List<SourceFile> javaFiles() {
        return files(".java");
    }

    /// All files of ours with one of the endings, in a stable order.
    List<SourceFile> files(String... endings) {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> isOurs(root.relativize(path)))
                    .filter(path -> Stream.of(endings).anyMatch(path.toString()::endsWith))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .map(this::file)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root, e);
        }
    }

    /// The names of the files beside the modules, but for hidden ones.
    List<String> filesAtTheTop() {
        try (Stream<Path> paths = Files.list(root)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + root, e);
        }
    }

    SourceFile file(Path path) {
        try {
            return new SourceFile(root.relativize(path).toString(), Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        }
    }

    private static boolean isOurs(Path relative) {
        for (var part : relative) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }
}
