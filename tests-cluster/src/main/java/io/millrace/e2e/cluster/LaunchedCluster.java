package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Millrace as `./millrace` runs it, with as many instances of ingest and of fetch as a test asks for.
///
/// Threads: one. Errors: an assertion error with what the launcher said when a command fails.
public final class LaunchedCluster implements AutoCloseable {
    private static final int[] BASES = {7081, 8081, 9092};
    private static final int PORTS_AT_EACH_BASE = 4;
    private static final int INSTANCES_MAX = 4;
    private static final int PORTS_APART = 10;
    private static final Pattern INSTANCE = Pattern.compile(
            "\\{\"name\":\"([^\"]+)\",\"pid\":(\\d+|null),\"kafka\":(?:\"([^\"]+)\"|null),\"rest\":\"([^\"]+)\"");

    private final Launcher launcher;
    private final int portOffset;
    private boolean isClosed;

    /// One process.
    ///
    /// @param name as in `./millrace kill NAME`
    public record Instance(String name, long pid, String kafka, URI rest) {}

    private LaunchedCluster(Launcher launcher, int portOffset) {
        this.launcher = launcher;
        this.portOffset = portOffset;
    }

    /// Starts one instance of each service on an empty data directory.
    ///
    /// @param configuration the properties of each service that has some, by its id
    /// @param temporary where the launcher's output goes
    public static LaunchedCluster up(String name, Map<String, String> configuration, Path temporary) {
        // Not in the temporary directory, which may be in memory.
        Path data = Path.of("target", "clusters", name, "data").toAbsolutePath();
        DataDirectory.delete(data);
        DataDirectory.create(data.resolve("config"));
        configuration.forEach((service, properties) -> write(data, service, properties));
        int portOffset = freeOffset(new Random());
        LaunchedCluster cluster = new LaunchedCluster(new Launcher(data, temporary), portOffset);
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "end of " + data));
        try {
            cluster.run("up");
        } catch (AssertionError failed) {
            cluster.close();
            throw failed;
        }
        return cluster;
    }

    private static void write(Path data, String service, String properties) {
        try {
            Files.writeString(data.resolve("config").resolve(service + ".properties"), properties);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot configure " + service, failed);
        }
    }

    private static int freeOffset(Random random) {
        return IntStream.generate(() -> 20_000 + random.nextInt(30_000))
                .limit(1_000)
                .filter(LaunchedCluster::isFree)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no free ports"));
    }

    private static boolean isFree(int offset) {
        return IntStream.of(BASES)
                .flatMap(base -> IntStream.range(0, PORTS_AT_EACH_BASE).map(port -> base + port))
                .flatMap(port -> IntStream.range(0, INSTANCES_MAX).map(each -> port + each * PORTS_APART))
                .allMatch(port -> FreePorts.isFree(port + offset));
    }

    public String bootstrap() {
        return instance("ingest").kafka();
    }

    /// Returns when as many instances as wanted are ready, and those that are too many have ended.
    public void scale(Service service, int count) {
        run("scale", service.id(), Integer.toString(count));
    }

    /// SIGKILL.
    public void kill(String name) {
        run("kill", name);
    }

    /// Starts what was killed, and waits until it is ready.
    public void up(String name) {
        run("up", name);
    }

    /// Runs a load test on it, whatever it finds.
    public Launcher.Output loadTest(Duration lengthMax, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "loadtest";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return launcher.run(lengthMax, all);
    }

    public List<Instance> instances() {
        String json = String.join("", run("status", "--json").lines());
        return INSTANCE.matcher(json).results().map(LaunchedCluster::instance).toList();
    }

    private static Instance instance(MatchResult found) {
        long pid = "null".equals(found.group(2)) ? -1 : Long.parseLong(found.group(2));
        return new Instance(
                found.group(1), pid, found.group(3) == null ? "" : found.group(3), URI.create(found.group(4)));
    }

    public Instance instance(String name) {
        Predicate<Instance> isNamed = each -> each.name().equals(name);
        return instances().stream().filter(isNamed).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        run("kill");
        DataDirectory.delete(launcher.data());
    }

    private Launcher.Output run(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "--port-offset";
        all[1] = Integer.toString(portOffset);
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        Launcher.Output output = launcher.run(all);
        if (output.exitCode() != 0) {
            throw new AssertionError(String.join(" ", all) + " ended with " + output.exitCode() + "\n"
                    + String.join("\n", output.lines()) + "\n" + output.complaints());
        }
        return output;
    }
}
