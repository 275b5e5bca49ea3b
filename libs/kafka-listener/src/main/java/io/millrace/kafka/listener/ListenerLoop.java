package io.millrace.kafka.listener;

import io.millrace.kafka.listener.ListenerEvents.CloseReason;
import io.millrace.kafka.listener.ListenerEvents.Limit;
import io.smallrye.mutiny.Uni;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The part of a listener that runs on one event loop.
///
/// Threads: everything but [#port] and [#drain] on its event loop.
final class ListenerLoop extends AbstractVerticle {

    private static final long IDLE_CHECK_MILLIS_MAX = 1_000;
    private static final long IDLE_CHECK_MILLIS_MIN = 10;
    private static final long DRAIN_CHECK_MILLIS = 10;

    private final ListenerScope scope;
    private final Set<Connection> connections = new HashSet<>();

    /// Written once, by the event loop, before the deployment completes.
    private volatile int port;

    ListenerLoop(ListenerScope scope) {
        this.scope = scope;
    }

    @Override
    public void start(Promise<Void> started) {
        NetServerOptions options = new NetServerOptions()
                .setHost(scope.options().host())
                .setPort(wantedPort())
                .setTcpNoDelay(true)
                .setRegisterWriteHandler(false)
                .setAcceptBacklog(1_024);
        vertx.setPeriodic(idleCheckMillis(), ignored -> closeIdle());
        vertx.createNetServer(options)
                .connectHandler(this::accept)
                .listen()
                .onSuccess(bound -> {
                    port = bound.actualPort();
                    started.complete();
                })
                .onFailure(started::fail);
    }

    int port() {
        return port;
    }

    /// Answers what is in flight for at most `patience`, then closes everything.
    Uni<Void> drain(Duration patience) {
        return Uni.createFrom()
                .emitter(emitter -> context.runOnContext(ignored -> {
                    long deadline = scope.nanoTime() + patience.toNanos();
                    List.copyOf(connections).forEach(Connection::drain);
                    closeWhenDrained(deadline, () -> emitter.complete(null));
                }));
    }

    private void closeWhenDrained(long deadlineNanos, Runnable closed) {
        if (!connections.isEmpty() && scope.nanoTime() - deadlineNanos < 0) {
            vertx.setTimer(DRAIN_CHECK_MILLIS, ignored -> closeWhenDrained(deadlineNanos, closed));
            return;
        }
        List.copyOf(connections).forEach(connection -> connection.cut(CloseReason.STOPPING, "it took too long"));
        closed.run();
    }

    /// For Vert.x a negative port is a free one that all instances share, and 0 one for each.
    private int wantedPort() {
        int port = scope.options().port();
        return port == 0 ? -1 : port;
    }

    private void accept(NetSocket socket) {
        if (scope.isStopping()) {
            refuse(socket, Limit.STOPPING);
            return;
        }
        String address = socket.remoteAddress().hostAddress();
        Optional<Limit> reached = scope.quota().tryEnter(address);
        if (reached.isPresent()) {
            refuse(socket, reached.get());
            return;
        }
        Connection connection = new Connection(scope, (NetSocketInternal) socket, (ContextInternal) context, closed -> {
            connections.remove(closed);
            scope.quota().leave(address);
        });
        connections.add(connection);
        connection.open();
    }

    private void refuse(NetSocket socket, Limit limit) {
        scope.events().connectionRefused(limit);
        socket.close();
    }

    private void closeIdle() {
        long now = scope.nanoTime();
        List.copyOf(connections).forEach(connection -> connection.closeIfIdle(now));
    }

    private long idleCheckMillis() {
        long shortest = Math.min(
                scope.options().idleTimeout().toMillis(),
                scope.options().frameTimeout().toMillis());
        return Math.clamp(shortest / 4, IDLE_CHECK_MILLIS_MIN, IDLE_CHECK_MILLIS_MAX);
    }
}
