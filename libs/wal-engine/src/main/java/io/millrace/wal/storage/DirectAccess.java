package io.millrace.wal.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/// How the files of a directory are opened past the page cache.
///
/// @param options what to open with besides; empty if it cannot be done
/// @param blockBytes positions and counts are multiples of it, and so are addresses in memory
record DirectAccess(Set<OpenOption> options, int blockBytes) {

    /// As far as this JVM and the directory's file system tell.
    static DirectAccess of(Path directory) throws IOException {
        return of(directory, optionsOfJvm());
    }

    static DirectAccess of(Path directory, Set<OpenOption> options) throws IOException {
        try {
            long blockBytes = Files.getFileStore(directory).getBlockSize();
            return new DirectAccess(Set.copyOf(options), Math.toIntExact(blockBytes));
        } catch (UnsupportedOperationException noBlocks) {
            return new DirectAccess(Set.of(), 1);
        }
    }

    /// Empty if this JVM has no such option. It is looked up by its name because it lies in no package that all JVMs
    /// have.
    private static Set<OpenOption> optionsOfJvm() {
        try {
            for (Object option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option.toString().equals("DIRECT")) {
                    return Set.of((OpenOption) option);
                }
            }
            return Set.of();
        } catch (ClassNotFoundException otherJvm) {
            return Set.of();
        }
    }

    boolean isPossible() {
        return !options.isEmpty();
    }
}
