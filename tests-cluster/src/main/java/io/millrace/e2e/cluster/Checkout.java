package io.millrace.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/// The sources around the module whose tests run, and what their build made.
public final class Checkout {
    private Checkout() {}

    /// A file or directory of it.
    public static Path path(String relative) {
        return root().resolve(relative);
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("no mvnw above " + Path.of("").toAbsolutePath());
            }
        }
        return directory;
    }
}
