package io.millrace.e2e.clients;

import io.millrace.e2e.client.KafkaTool;
import io.millrace.e2e.client.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.utils.AppInfoParser;

/// The clients of the table, made ready to run.
///
/// Errors: an assertion error when one is not installed; none is left out.
final class KnownClients {
    private static final Path SCRIPTS =
            Path.of("src", "test", "resources", "clients").toAbsolutePath();
    private static final Path MADE = Path.of("target", "clients").toAbsolutePath();
    private static final String TEST_CLASSES =
            Path.of("target", "test-classes").toAbsolutePath().toString();

    private static final String SARAMA_PACKAGE = "golang-github-shopify-sarama-dev";

    private final String bootstrap;

    KnownClients(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    List<Client> all() {
        return List.of(
                new KcatClient(bootstrap),
                new ConsoleTools(bootstrap),
                new VerifiableTools(bootstrap),
                new MessagingClient(bootstrap),
                java("java-2.8", MADE.resolve("java-2.8")),
                java("java-3.9", MADE.resolve("java-3.9")),
                script("java-4.3", "Kafka's Java clients", AppInfoParser.getVersion(), currentJava()),
                python("kafka-python", Client.Retries.MAY_REPEAT, "kafka_python.py"),
                python("confluent-kafka-python", Client.Retries.WRITE_ONCE, "python_confluent.py"),
                kafkajs(),
                sarama());
    }

    private Client java(String id, Path jars) {
        String main = JavaClientMain.class.getName();
        return script(
                id,
                "Kafka's Java clients",
                JarVersion.in(jars, "kafka-clients-"),
                KafkaTool.java(TEST_CLASSES + ":" + jars + "/*", main, List.of())
                        .command());
    }

    private static List<String> currentJava() {
        return KafkaTool.java(JavaClientMain.class.getName(), List.of()).command();
    }

    /// Debian's packages belong to Debian's Python.
    private Client python(String name, Client.Retries retries, String script) {
        List<String> command =
                List.of("/usr/bin/python3", SCRIPTS.resolve(script).toString());
        return new ScriptClient(name, name, version(command), retries, bootstrap, command);
    }

    private Client kafkajs() {
        Path home = MADE.resolve("kafkajs");
        copy(List.of("package.json", "package-lock.json", "client.js"), SCRIPTS.resolve("kafkajs"), home);
        Program.run(new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund").directory(home.toFile()));
        List<String> command = List.of("node", home.resolve("client.js").toString());
        return script("kafkajs", "KafkaJS", version(command), command);
    }

    /// Built from Debian's sources as Debian builds what uses them: without modules, and so without the network.
    private Client sarama() {
        Path program = MADE.resolve("sarama");
        ProcessBuilder build = new ProcessBuilder(
                "go",
                "build",
                "-o",
                program.toString(),
                SCRIPTS.resolve("sarama/main.go").toString());
        build.environment().put("GO111MODULE", "off");
        build.environment().put("CGO_ENABLED", "0");
        build.environment().put("GOPATH", "/usr/share/gocode");
        build.environment().put("GOCACHE", MADE.resolve("go-cache").toString());
        Program.run(build);
        String version = Program.run(new ProcessBuilder(
                        "dpkg-query", "--show", "--showformat=${source:Upstream-Version}\n", SARAMA_PACKAGE))
                .getFirst();
        return new ScriptClient(
                "sarama", "Sarama", version, Client.Retries.MAY_REPEAT, bootstrap, List.of(program.toString()));
    }

    private Client script(String id, String name, String version, List<String> command) {
        return new ScriptClient(id, name, version, Client.Retries.WRITE_ONCE, bootstrap, command);
    }

    private static String version(List<String> command) {
        List<String> asked = new ArrayList<>(command);
        asked.add("version");
        return Objects.requireNonNull(Program.run(new ProcessBuilder(asked)).getLast());
    }

    private static void copy(List<String> files, Path from, Path to) {
        try {
            Files.createDirectories(to);
            for (String file : files) {
                Files.copy(from.resolve(file), to.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot copy to " + to, failed);
        }
    }
}
