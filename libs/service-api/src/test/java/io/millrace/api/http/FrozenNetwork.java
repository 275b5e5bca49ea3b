package io.millrace.api.http;

import io.millrace.api.ServiceKind;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Stands between a client and a store, and can let nothing through while every connection stays open, as when the
/// other process is stopped.
final class FrozenNetwork {

    private final Vertx vertx;
    private final int storePort;
    private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean isFrozen;

    private FrozenNetwork(Vertx vertx, int storePort) {
        this.vertx = vertx;
        this.storePort = storePort;
    }

    /// From now on the store is reached through it.
    static FrozenNetwork before(LoopbackStore loopback) {
        FrozenNetwork network =
                new FrozenNetwork(loopback.vertx, loopback.address().port());
        NetServer server = network.vertx.createNetServer().connectHandler(network::connected);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        loopback.instances.owner = LoopbackStore.instance(ServiceKind.WAL_STORE, server.actualPort());
        return network;
    }

    void freeze() {
        isFrozen = true;
        sockets.forEach(NetSocket::pause);
    }

    void thaw() {
        isFrozen = false;
        sockets.forEach(NetSocket::resume);
    }

    private void connected(NetSocket client) {
        client.pause();
        sockets.add(client);
        vertx.createNetClient()
                .connect(storePort, "127.0.0.1")
                .onSuccess(store -> {
                    join(client, store);
                    join(store, client);
                    sockets.add(store);
                    if (isFrozen) {
                        store.pause();
                    } else {
                        client.resume();
                    }
                })
                .onFailure(_ -> client.close());
    }

    private static void join(NetSocket from, NetSocket to) {
        from.handler(to::write);
        from.closeHandler(_ -> to.close());
    }
}
