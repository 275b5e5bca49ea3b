package io.millrace.loadtest;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// What the command line asks for.
///
/// @param killEvery how often a random service is killed; empty for never
/// @param launcher the command that kills and starts services, and its options
/// @param registry where schemas are registered; empty for records without
record Options(
        Profile profile,
        String bootstrap,
        Optional<Duration> killEvery,
        List<String> launcher,
        Optional<URI> registry,
        Path report,
        long seed) {

    static final String USAGE = """
            usage: ./millrace loadtest [quick | standard | stress | endurance] [options]
              --bootstrap HOST:PORT   another cluster than the one that ./millrace up started
              --kill-every SECONDS    kill a random service again and again, and start it
              --registry URL          Avro keys and values, their schemas in this registry (Confluent's interface)
              --report FILE           where the report goes (default: loadtest.html)
              --seed N                repeats the choice of what is killed
            """;

    /// Errors: [IllegalArgumentException] with a sentence for the user.
    static Options parse(List<String> arguments) {
        Deque<String> rest = new ArrayDeque<>(arguments);
        Options options = new Options(
                Profile.QUICK,
                "127.0.0.1:9092",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Path.of("loadtest.html"),
                System.nanoTime());
        while (!rest.isEmpty()) {
            options = options.with(rest.removeFirst(), rest);
        }
        return options;
    }

    private Options with(String word, Deque<String> rest) {
        return switch (word) {
            case "--bootstrap" -> new Options(profile, value(word, rest), killEvery, launcher, registry, report, seed);
            case "--kill-every" ->
                new Options(profile, bootstrap, Optional.of(seconds(word, rest)), launcher, registry, report, seed);
            case "--launcher" ->
                new Options(
                        profile, bootstrap, killEvery, List.of(value(word, rest).split("\t")), registry, report, seed);
            case "--registry" ->
                new Options(
                        profile,
                        bootstrap,
                        killEvery,
                        launcher,
                        Optional.of(URI.create(value(word, rest))),
                        report,
                        seed);
            case "--report" ->
                new Options(profile, bootstrap, killEvery, launcher, registry, Path.of(value(word, rest)), seed);
            case "--seed" -> new Options(profile, bootstrap, killEvery, launcher, registry, report, number(word, rest));
            case "quick", "standard", "stress", "endurance" ->
                new Options(Profile.named(word), bootstrap, killEvery, launcher, registry, report, seed);
            case "--help" -> throw new IllegalArgumentException("What the load test understands:");
            default -> throw new IllegalArgumentException("unknown: " + word);
        };
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.removeFirst();
    }

    private static long number(String option, Deque<String> rest) {
        String text = value(option, rest);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException(option + " takes a number, not " + text, wrong);
        }
    }

    private static Duration seconds(String option, Deque<String> rest) {
        long seconds = number(option, rest);
        if (seconds < 1) {
            throw new IllegalArgumentException(option + " takes a number above 0");
        }
        return Duration.ofSeconds(seconds);
    }
}
