package io.millrace.runtime;

import io.millrace.api.HostPort;
import io.millrace.api.ServiceKind;
import io.millrace.api.instances.ProbeOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns what the operator wrote into [RuntimeSettings], or says in a sentence what is wrong with it.
///
/// Errors: [IllegalArgumentException], whose message names the property.
final class SettingsCheck {

    private static final Pattern POD_ORDINAL = Pattern.compile(".*-(\\d{1,6})");
    private static final int ORDINAL_MAX = 999;
    private static final int PORT_MAX = 65_535;

    private final MillraceConfig config;
    private final String hostName;

    /// @param hostName the machine's name, which on Kubernetes is the pod's
    SettingsCheck(MillraceConfig config, String hostName) {
        this.config = config;
        this.hostName = hostName;
    }

    RuntimeSettings settings(ServiceKind kind, String incarnation, String version) {
        int ordinal = ordinal();
        return new RuntimeSettings(
                new RuntimeSettings.Node(kind, ordinal, incarnation, version),
                listener(ordinal),
                internal(),
                config.instances(),
                peers(),
                peersFile(),
                config.data().directory(),
                probe(),
                ApiSettings.of(
                        config.transport(), config.streams(), config.probe().timeout()),
                positive("millrace.shutdown.drain", config.shutdown().drain()));
    }

    private int ordinal() {
        int ordinal = config.node().ordinal().orElseGet(this::ordinalOfPod);
        if (ordinal < 0 || ordinal > ORDINAL_MAX) {
            throw new IllegalArgumentException(
                    "millrace.node.ordinal is " + ordinal + "; it must be between 0 and " + ORDINAL_MAX + ".");
        }
        return ordinal;
    }

    private int ordinalOfPod() {
        if (config.instances() != InstanceSource.KUBERNETES) {
            return 0;
        }
        Matcher matcher = POD_ORDINAL.matcher(hostName);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("millrace.node.ordinal is not set and the host name '" + hostName
                    + "' does not end in -<ordinal>, as a StatefulSet's pods do.");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private Optional<RuntimeSettings.Address> listener(int ordinal) {
        MillraceConfig.Listener listener = config.listener();
        OptionalInt port = listener.port();
        if (port.isEmpty()) {
            return Optional.empty();
        }
        int bound = port("millrace.listener.port", port.getAsInt());
        String host = advertisedHost(listener, ordinal);
        int advertised = port(
                "millrace.listener.advertised-port", listener.advertisedPort().orElse(bound));
        return Optional.of(new RuntimeSettings.Address(listener.host(), bound, new HostPort(host, advertised)));
    }

    /// Others know this instance by the address at which they found it; what is advertised here serves itself alone.
    private RuntimeSettings.Address internal() {
        MillraceConfig.Internal internal = config.internal();
        int port = port("millrace.internal.port", internal.port());
        String own = isEveryAddress(internal.host()) ? "127.0.0.1" : internal.host();
        return new RuntimeSettings.Address(internal.host(), port, new HostPort(own, port));
    }

    private static String advertisedHost(MillraceConfig.Listener listener, int ordinal) {
        String result =
                listener.advertisedHost().orElse(listener.host()).replace("{ordinal}", Integer.toString(ordinal));
        if (isEveryAddress(result) || result.isBlank()) {
            throw new IllegalArgumentException("millrace.listener.host is '" + listener.host()
                    + "', to which nobody can connect: set millrace.listener.advertised-host to a name that others"
                    + " resolve.");
        }
        return result;
    }

    private static boolean isEveryAddress(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    private Optional<Path> peersFile() {
        Optional<Path> file = config.peers().file();
        if (config.instances() == InstanceSource.FILE && file.isEmpty()) {
            throw new IllegalArgumentException("millrace.instances is file: set millrace.peers.file.");
        }
        return file;
    }

    private Map<ServiceKind, List<HostPort>> peers() {
        MillraceConfig.Peers peers = config.peers();
        Map<ServiceKind, List<HostPort>> result = new EnumMap<>(ServiceKind.class);
        result.put(ServiceKind.INGEST, addresses("millrace.peers.ingest", peers.ingest()));
        result.put(ServiceKind.FETCH, addresses("millrace.peers.fetch", peers.fetch()));
        result.put(
                ServiceKind.OFFSET_COORDINATOR,
                addresses("millrace.peers.offset-coordinator", peers.offsetCoordinator()));
        result.put(ServiceKind.WAL_STORE, addresses("millrace.peers.wal-store", peers.walStore()));
        return result;
    }

    private static List<HostPort> addresses(String property, List<String> texts) {
        return texts.stream().map(text -> address(property, text)).toList();
    }

    private static HostPort address(String property, String text) {
        try {
            HostPort address = HostPort.parse(text);
            return new HostPort(address.host(), port(property, address.port()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(property + " has '" + text + "', which is not host:port.", e);
        }
    }

    private ProbeOptions probe() {
        MillraceConfig.Probe probe = config.probe();
        return new ProbeOptions(
                positive("millrace.probe.interval", probe.interval()),
                positive("millrace.probe.retry", probe.retry()),
                positive("millrace.probe.misses-max", probe.missesMax()));
    }

    private static int port(String property, int port) {
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    property + " has port " + port + "; it must be between 1 and " + PORT_MAX + ".");
        }
        return port;
    }

    static int positive(String property, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(property + " must be at least 1.");
        }
        return count;
    }

    static Duration positive(String property, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(property + " must be longer than zero.");
        }
        return duration;
    }
}
