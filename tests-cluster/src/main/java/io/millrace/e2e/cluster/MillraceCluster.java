package io.millrace.e2e.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/// The four services on free loopback ports with a data directory of their own.
///
/// Threads: one. Errors: an assertion error with the end of the log when a service does not do as it is told.
public final class MillraceCluster implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final ClusterOptions options;
    private final Map<Service, Ports> ports = new EnumMap<>(Service.class);
    private final Map<Service, ServiceProcess> processes = new EnumMap<>(Service.class);
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private record Ports(int rest, int internal, int kafka) {}

    private MillraceCluster(ClusterOptions options) {
        this.options = options;
        FreePorts free = new FreePorts();
        for (Service service : Service.values()) {
            ports.put(service, new Ports(free.next(), free.next(), free.next()));
        }
        for (Service service : Service.values()) {
            processes.put(service, process(service, options.name() + "-" + service.id()));
        }
    }

    /// Starts all four on an empty data directory and waits until they are ready.
    public static MillraceCluster start(ClusterOptions options) {
        MillraceCluster cluster = prepare(options);
        try {
            cluster.start();
        } catch (AssertionError | TerminalFailureException failed) {
            cluster.close();
            throw failed;
        }
        return cluster;
    }

    /// As `start`, without starting anything yet.
    public static MillraceCluster prepare(ClusterOptions options) {
        DataDirectory.delete(options.dataDirectory());
        DataDirectory.delete(options.logs());
        MillraceCluster cluster = new MillraceCluster(options);
        DataDirectory.create(options.dataDirectory());
        // A test run that is itself ended from outside must not leave services behind.
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::killWhatRuns, "end of " + options.name()));
        return cluster;
    }

    public String bootstrap() {
        return kafka(Service.INGEST).toString();
    }

    public HostPort kafka(Service service) {
        if (!service.hasKafkaListener()) {
            throw new IllegalArgumentException(service + " has no Kafka listener");
        }
        return new HostPort(LOOPBACK, portsOf(service).kafka());
    }

    public HostPort internal(Service service) {
        return new HostPort(LOOPBACK, portsOf(service).internal());
    }

    /// The base of the service's HTTP port: REST, health, metrics.
    public URI rest(Service service) {
        return URI.create("http://" + LOOPBACK + ":" + portsOf(service).rest());
    }

    public Metrics metrics(Service service) {
        return new Metrics(rest(service));
    }

    public Path dataDirectory() {
        return options.dataDirectory();
    }

    public ServiceProcess process(Service service) {
        return processOf(service);
    }

    /// Starts what is named, or all, at once, and waits until each is ready.
    public void start(Service... services) {
        launch(services);
        awaitReady(services);
    }

    /// Starts without waiting.
    public void launch(Service... services) {
        for (Service service : allIfNone(services)) {
            processOf(service).start();
        }
    }

    /// SIGKILL to what is named, or to all of them.
    public void kill(Service... services) {
        for (Service service : allIfNone(services)) {
            processOf(service).kill();
        }
    }

    /// SIGTERM to what is named, or to all of them, and waits for the end.
    public void terminate(Service... services) {
        for (Service service : allIfNone(services)) {
            processOf(service).terminate();
        }
        for (Service service : allIfNone(services)) {
            processOf(service).awaitExit(STOP);
        }
    }

    public void pause(Service service) {
        processOf(service).pause();
    }

    public void resume(Service service) {
        processOf(service).resume();
    }

    public void awaitReady(Service... services) {
        Service[] wanted = allIfNone(services);
        try {
            Awaitility.await("ready")
                    .atMost(START)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast(() -> Stream.of(wanted).forEach(this::failIfEnded))
                    .until(() -> Stream.of(wanted).allMatch(this::isReady));
        } catch (ConditionTimeoutException late) {
            throw new AssertionError(
                    "not ready after " + START + ": "
                            + Stream.of(wanted)
                                    .filter(service -> !isReady(service))
                                    .toList() + "\n" + logTails(),
                    late);
        }
    }

    public boolean isReady(Service service) {
        return processOf(service).isAlive() && status(service, "/q/health/ready") == 200;
    }

    public boolean isHealthy() {
        return List.of(Service.values()).stream().allMatch(this::isReady);
    }

    /// A second process for a service, on the same data directory with ports of its own.
    public ServiceProcess rival(Service service) {
        FreePorts free = new FreePorts();
        Ports own = portsOf(service);
        ports.put(service, new Ports(free.next(), free.next(), free.next()));
        try {
            return process(service, options.name() + "-" + service.id() + "-rival");
        } finally {
            ports.put(service, own);
        }
    }

    /// Starts a process that no cluster waits for.
    public static void launch(ServiceProcess rival) {
        rival.start();
    }

    public static boolean isPortFree(int port) {
        return FreePorts.isFree(port);
    }

    @Override
    public void close() {
        for (ServiceProcess process : processes.values()) {
            if (process.isAlive()) {
                process.resume();
                process.terminate();
            }
        }
        for (ServiceProcess process : processes.values()) {
            if (process.isAlive()) {
                endWithin(process);
            }
        }
        http.close();
        DataDirectory.delete(options.dataDirectory());
    }

    /// The end of each service's log, for the report of a failed test.
    public String logTails() {
        StringBuilder tails = new StringBuilder();
        for (ServiceProcess process : processes.values()) {
            tails.append("---- ").append(process.log()).append('\n');
            tails.append(process.logTail(25)).append('\n');
        }
        return tails.toString();
    }

    private void killWhatRuns() {
        processes.values().stream().filter(ServiceProcess::isAlive).forEach(ServiceProcess::kill);
    }

    private static void endWithin(ServiceProcess process) {
        try {
            process.awaitExit(STOP);
        } catch (AssertionError stuck) {
            process.kill();
            throw stuck;
        }
    }

    private int status(Service service, String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(rest(service).resolve(path))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (ConnectException notYet) {
            return 0;
        } catch (IOException broken) {
            return -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + service.id(), interrupted);
        }
    }

    private void failIfEnded(Service service) {
        ServiceProcess process = processOf(service);
        process.exitCode().ifPresent(code -> {
            throw new AssertionError(service.id() + " ended with " + code + "\n" + process.logTail(60));
        });
    }

    private ServiceProcess process(Service service, String logName) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The options of one machine, as the launcher gives them: what the tests show is shown within that memory.
        command.add("@" + service.options());
        service.startUpCache()
                .ifPresent(cache -> command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")));
        settings(service).forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", service.application().toString()));
        return new ServiceProcess(service, command, options.logs().resolve(logName + ".log"));
    }

    private Map<String, String> settings(Service service) {
        Ports own = portsOf(service);
        Map<String, String> settings = new TreeMap<>();
        settings.put("quarkus.http.host", LOOPBACK);
        settings.put("quarkus.http.port", Integer.toString(own.rest()));
        settings.put("millrace.internal.port", Integer.toString(own.internal()));
        if (service.hasKafkaListener()) {
            settings.put("millrace.listener.port", Integer.toString(own.kafka()));
        }
        for (Service peer : Service.values()) {
            settings.put("millrace.peers." + peer.id(), internal(peer).toString());
        }
        settings.put("millrace.data.directory", options.dataDirectory().toString());
        settings.putAll(options.settingsOf(service));
        return settings;
    }

    private static Service[] allIfNone(Service... services) {
        return services.length == 0 ? Service.values() : services;
    }

    private Ports portsOf(Service service) {
        return Objects.requireNonNull(ports.get(service));
    }

    private ServiceProcess processOf(Service service) {
        return Objects.requireNonNull(processes.get(service));
    }
}
