package io.millrace.api.instances;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.function.Function;

/// Asks a set of addresses, again and again, who lives there.
///
/// Threads: from any thread.
public final class InstanceProbe {
    /// @param hello asks who answers at an address, with a deadline of its own; see `InternalClient.hello`
    public InstanceProbe(Vertx vertx, Function<HostPort, Uni<Instance>> hello, ProbeOptions options) {}
}
