package io.millrace.api.instances;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Instances at the addresses in a file, which is read again and again, so that instances come and go while others run.
///
/// Each line names a service and its internal addresses: `ingest=127.0.0.1:7081,127.0.0.1:7091`. A file that cannot be
/// read, or that says what is no address, changes nothing: what was known stays known.
///
/// Threads: all methods from any thread, none blocks.
public final class FileInstances implements Instances {

    private static final Logger LOG = Logger.getLogger(FileInstances.class);

    private final Vertx vertx;
    private final InstanceProbe probe;
    private final Path file;
    private final long timer;
    /// Written by the read before, which has ended when the next begins to change it.
    private volatile String known = "";

    /// Starts to read at once.
    ///
    /// @param rereadMillis the time between two looks at the file
    public FileInstances(Vertx vertx, InstanceProbe probe, Path file, long rereadMillis) {
        this.vertx = vertx;
        this.probe = probe;
        this.file = file;
        this.timer = vertx.setPeriodic(0, rereadMillis, _ -> read());
    }

    @Override
    public List<Instance> live(ServiceKind kind) {
        return probe.live(kind);
    }

    @Override
    public Multi<List<Instance>> changes() {
        return probe.all().changes();
    }

    @Override
    public void suspect(Instance instance) {
        probe.suspect(instance);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        probe.close();
    }

    private void read() {
        vertx.fileSystem()
                .readFile(file.toString())
                .map(String::valueOf)
                .onSuccess(this::changed)
                .onFailure(this::unreadable);
    }

    private void changed(String text) {
        if (text.equals(known)) {
            return;
        }
        known = text;
        try {
            probe.watch(places(text));
        } catch (IllegalArgumentException | IOException e) {
            LOG.warnf("what the file of peers says is not followed file=%s reason=%s", file, e.getMessage());
        }
    }

    private void unreadable(Throwable failure) {
        LOG.debugf("the file of peers cannot be read file=%s reason=%s", file, failure.getMessage());
    }

    private static Set<InstanceProbe.Place> places(String text) throws IOException {
        Properties lines = new Properties();
        lines.load(new StringReader(text));
        Set<InstanceProbe.Place> places = new HashSet<>();
        for (String label : lines.stringPropertyNames()) {
            ServiceKind kind = ServiceKind.ofLabel(label)
                    .orElseThrow(() -> new IllegalArgumentException("there is no service '" + label + "'"));
            Stream.of(lines.getProperty(label).split(","))
                    .map(String::trim)
                    .filter(address -> !address.isEmpty())
                    .map(HostPort::parse)
                    .forEach(address -> places.add(new InstanceProbe.Place(kind, address)));
        }
        return places;
    }
}
