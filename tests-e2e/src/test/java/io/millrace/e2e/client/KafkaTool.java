package io.millrace.e2e.client;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Kafka's own command-line tools.
public final class KafkaTool {
    private static final String LOGGING = "java.util.logging.config.file";

    private KafkaTool() {}

    /// Starts a main class of kafka-tools.
    public static Program start(String mainClass, List<String> arguments) {
        return Program.start(java(mainClass, arguments));
    }

    /// Runs it to its end, which must be a good one.
    ///
    /// @return what it printed
    public static List<String> run(String mainClass, List<String> arguments) {
        return Program.run(java(mainClass, arguments));
    }

    /// A main class of the tests' class path.
    public static ProcessBuilder java(String mainClass, List<String> arguments) {
        return java(System.getProperty("java.class.path"), mainClass, arguments);
    }

    /// A main class as a process of its own that takes little memory.
    public static ProcessBuilder java(String classPath, String mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        Optional.ofNullable(System.getProperty(LOGGING)).ifPresent(file -> command.add("-D" + LOGGING + "=" + file));
        command.addAll(List.of("-cp", classPath, mainClass));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }
}
