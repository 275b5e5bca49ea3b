package io.millrace.walstore.inspect;

import io.millrace.walstore.inspect.Printer.Format;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the command line asks for.
///
/// Threads: immutable.
record Arguments(Action action, Path directory, Optional<PartitionChoice> partition, Format format) {

    static final String USAGE =
            "Usage: ./millrace wal ls | verify | dump [--partition TOPIC/NUMBER [--from OFFSET]] [--json]";

    /// What is to be done.
    enum Action {
        LS,
        VERIFY,
        DUMP
    }

    /// @param words as in the usage, and the directory
    /// @throws IllegalArgumentException if they make no sense, with what to tell the user
    static Arguments parse(List<String> words) {
        Deque<String> left = new ArrayDeque<>(words);
        Action action = action(left.poll());
        Format format = Format.TEXT;
        @Nullable String partition = null;
        @Nullable String from = null;
        @Nullable Path directory = null;
        while (!left.isEmpty()) {
            String word = left.remove();
            switch (word) {
                case "--json" -> format = Format.JSON;
                case "--partition" -> partition = value(word, left);
                case "--from" -> from = value(word, left);
                default -> directory = Path.of(word);
            }
        }
        if (directory == null) {
            throw new IllegalArgumentException(USAGE);
        }
        return new Arguments(action, directory, partition(action, partition, from), format);
    }

    private static Action action(@Nullable String word) {
        return switch (word) {
            case "ls" -> Action.LS;
            case "verify" -> Action.VERIFY;
            case "dump" -> Action.DUMP;
            case null, default -> throw new IllegalArgumentException(USAGE);
        };
    }

    private static String value(String option, Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value. " + USAGE);
        }
        return left.remove();
    }

    private static Optional<PartitionChoice> partition(
            Action action, @Nullable String partition, @Nullable String from) {
        if (action != Action.DUMP && (partition != null || from != null)) {
            throw new IllegalArgumentException("--partition and --from belong to dump. " + USAGE);
        }
        if (partition == null && from != null) {
            throw new IllegalArgumentException("--from needs --partition: each partition counts its own offsets.");
        }
        if (from != null && !from.matches("\\d{1,18}")) {
            throw new IllegalArgumentException("--from takes an offset, not " + from);
        }
        long fromOffset = from == null ? 0 : Long.parseLong(from);
        return Optional.ofNullable(partition).map(text -> PartitionChoice.parse(text, fromOffset));
    }
}
