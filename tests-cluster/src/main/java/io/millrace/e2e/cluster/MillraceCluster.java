package io.millrace.e2e.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/// The four services on free loopback ports with a data directory of their own.
///
/// Where a service has several instances, its name means the first of them, and all where none is named.
///
/// Threads: one. Errors: an assertion error with the end of the log when a service does not do as it is told.
public final class MillraceCluster implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(30);

    private final Map<Service, List<Ports>> ports = new EnumMap<>(Service.class);
    private final Map<Service, List<ServiceProcess>> processes = new EnumMap<>(Service.class);
    private ClusterOptions options;

    private record Ports(int rest, int internal, int kafka) {
        static Ports of(FreePorts free) {
            return new Ports(free.next(), free.next(), free.next());
        }
    }

    /// What clients know as a node.
    public record KafkaNode(int id, HostPort address, ServiceProcess process) {}

    private MillraceCluster(ClusterOptions options) {
        this.options = options;
        FreePorts free = new FreePorts();
        for (Service service : Service.values()) {
            ports.put(
                    service,
                    Stream.generate(() -> Ports.of(free))
                            .limit(options.instances(service))
                            .toList());
        }
        Stream.of(Service.values()).forEach(this::makeProcesses);
    }

    private void makeProcesses(Service service) {
        List<ServiceProcess> made = new ArrayList<>();
        for (Ports own : portsOf(service)) {
            String ordinal = made.isEmpty() ? "" : "-" + made.size();
            made.add(process(service, made.size(), own, options.name() + "-" + service.id() + ordinal));
        }
        processes.put(service, made);
    }

    /// Starts all on an empty data directory and waits until they are ready.
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
        return new HostPort(LOOPBACK, portsOf(service).getFirst().kafka());
    }

    /// All nodes, whether they run or not, by id.
    public List<KafkaNode> kafkaNodes() {
        List<KafkaNode> nodes = new ArrayList<>();
        for (Service service : Service.values()) {
            List<ServiceProcess> all = processesOf(service);
            for (int ordinal = 0; service.hasKafkaListener() && ordinal < all.size(); ordinal++) {
                HostPort address =
                        new HostPort(LOOPBACK, portsOf(service).get(ordinal).kafka());
                nodes.add(new KafkaNode(service.nodeId(ordinal), address, all.get(ordinal)));
            }
        }
        nodes.sort(Comparator.comparingInt(KafkaNode::id));
        return nodes;
    }

    /// One instance, of which the first has ordinal 0.
    public KafkaNode node(Service service, int ordinal) {
        int id = service.nodeId(ordinal);
        return kafkaNodes().stream().filter(node -> node.id() == id).findFirst().orElseThrow();
    }

    public HostPort internal(Service service) {
        return new HostPort(LOOPBACK, portsOf(service).getFirst().internal());
    }

    /// The base of the service's HTTP port: REST, health, metrics.
    public URI rest(Service service) {
        return rest(portsOf(service).getFirst());
    }

    private static URI rest(Ports own) {
        return URI.create("http://" + LOOPBACK + ":" + own.rest());
    }

    public Metrics metrics(Service service) {
        return process(service).metrics();
    }

    public Path dataDirectory() {
        return options.dataDirectory();
    }

    public ServiceProcess process(Service service) {
        return processesOf(service).getFirst();
    }

    /// Starts what is named, or all, at once, and waits until each is ready.
    public void start(Service... services) {
        launch(services);
        awaitReady(services);
    }

    /// Starts without waiting.
    public void launch(Service... services) {
        named(services).forEach(ServiceProcess::start);
    }

    /// SIGKILL to what is named, or to all of them.
    public void kill(Service... services) {
        named(services).forEach(ServiceProcess::kill);
    }

    /// SIGTERM to what is named, or to all of them, and waits for the end.
    public void terminate(Service... services) {
        terminate(named(services));
    }

    private static void terminate(List<ServiceProcess> all) {
        all.forEach(ServiceProcess::terminate);
        all.forEach(process -> process.awaitExit(STOP));
    }

    /// SIGKILL to one node; returns when it is gone.
    public void kill(KafkaNode node) {
        node.process().kill();
    }

    /// SIGTERM to one node; returns when it has ended.
    public void terminate(KafkaNode node) {
        terminate(List.of(node.process()));
    }

    /// Starts one node and waits until it is ready.
    public void start(KafkaNode node) {
        node.process().start();
        awaitReady(List.of(node.process()));
    }

    /// Changes the settings: the services for which they are others now are restarted with them.
    public void reconfigure(Map<String, String> settings) {
        ClusterOptions changed = options.withOnly(settings);
        List<Service> affected = Stream.of(Service.values())
                .filter(service -> !changed.settingsOf(service).equals(options.settingsOf(service)))
                .toList();
        affected.forEach(service -> terminate(processesOf(service)));
        options = changed;
        affected.forEach(this::makeProcesses);
        List<ServiceProcess> anew = affected.stream()
                .flatMap(service -> processesOf(service).stream())
                .toList();
        anew.forEach(ServiceProcess::start);
        awaitReady(anew);
    }

    public void pause(Service service) {
        process(service).pause();
    }

    public void pause(KafkaNode node) {
        node.process().pause();
    }

    public void resume(Service service) {
        process(service).resume();
    }

    public void resume(KafkaNode node) {
        node.process().resume();
    }

    public void awaitReady(Service... services) {
        awaitReady(named(services));
    }

    private void awaitReady(List<ServiceProcess> wanted) {
        try {
            // In this thread: Kafka's tests take a thread of ours that has not quite ended for one that they leak.
            Awaitility.await("ready")
                    .pollInSameThread()
                    .atMost(START)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast(() -> wanted.forEach(MillraceCluster::failIfEnded))
                    .until(() -> wanted.stream().allMatch(ServiceProcess::isReady));
        } catch (ConditionTimeoutException late) {
            throw new AssertionError("not ready after " + START + "\n" + logTails(), late);
        }
    }

    public boolean isReady(Service service) {
        return process(service).isReady();
    }

    public boolean isHealthy() {
        return all().allMatch(ServiceProcess::isReady);
    }

    /// A second process for a service, on the same data directory with ports of its own.
    public ServiceProcess rival(Service service) {
        return process(service, 0, Ports.of(new FreePorts()), options.name() + "-" + service.id() + "-rival");
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
        List<ServiceProcess> running = all().filter(ServiceProcess::isAlive).toList();
        for (ServiceProcess process : running) {
            process.resume();
            process.terminate();
        }
        running.stream().filter(ServiceProcess::isAlive).forEach(MillraceCluster::endWithin);
        DataDirectory.delete(options.dataDirectory());
    }

    /// The end of each service's log, for the report of a failed test.
    public String logTails() {
        StringBuilder tails = new StringBuilder();
        all().forEach(process -> {
            tails.append("---- ").append(process.log()).append('\n');
            tails.append(process.logTail(25)).append('\n');
        });
        return tails.toString();
    }

    private void killWhatRuns() {
        all().filter(ServiceProcess::isAlive).forEach(ServiceProcess::kill);
    }

    private static void endWithin(ServiceProcess process) {
        try {
            process.awaitExit(STOP);
        } catch (AssertionError stuck) {
            process.kill();
            throw stuck;
        }
    }

    private static void failIfEnded(ServiceProcess process) {
        process.exitCode().ifPresent(code -> {
            throw new AssertionError(process.service().id() + " ended with " + code + "\n" + process.logTail(60));
        });
    }

    private ServiceProcess process(Service service, int ordinal, Ports own, String logName) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The options of one machine, as the launcher gives them: what the tests show is shown within that memory.
        command.add("@" + service.options());
        service.startUpCache()
                .ifPresent(cache -> command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off")));
        settings(service, ordinal, own).forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of("-jar", service.application().toString()));
        return new ServiceProcess(service, rest(own), command, options.logs().resolve(logName + ".log"));
    }

    private Map<String, String> settings(Service service, int ordinal, Ports own) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("quarkus.http.host", LOOPBACK);
        settings.put("quarkus.http.port", Integer.toString(own.rest()));
        settings.put("millrace.internal.port", Integer.toString(own.internal()));
        if (ordinal > 0) {
            settings.put("millrace.node.ordinal", Integer.toString(ordinal));
        }
        if (service.hasKafkaListener()) {
            settings.put("millrace.listener.port", Integer.toString(own.kafka()));
        }
        for (Service peer : Service.values()) {
            settings.put(
                    "millrace.peers." + peer.id(),
                    portsOf(peer).stream()
                            .map(each -> LOOPBACK + ":" + each.internal())
                            .collect(Collectors.joining(",")));
        }
        settings.put("millrace.data.directory", options.dataDirectory().toString());
        settings.putAll(options.settingsOf(service));
        return settings;
    }

    /// The first instance of each named service, or every process if none is named.
    private List<ServiceProcess> named(Service... services) {
        return services.length == 0
                ? all().toList()
                : Stream.of(services).map(this::process).toList();
    }

    private Stream<ServiceProcess> all() {
        return processes.values().stream().flatMap(List::stream);
    }

    private List<Ports> portsOf(Service service) {
        return Objects.requireNonNull(ports.get(service));
    }

    private List<ServiceProcess> processesOf(Service service) {
        return Objects.requireNonNull(processes.get(service));
    }
}
