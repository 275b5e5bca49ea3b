package io.millrace.api.http;

import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.instances.Instances;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.ByteBuffer;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A stream to wal-store that is opened again whenever it broke, on a TCP connection of its own.
///
/// The peer is told `opened` and `closed` for each connection; what it does about what was under way is its affair.
///
/// Threads: everything on one context; [#open] and [#close] from any thread.
final class ClientStream implements StreamPeer {

    private static final Logger LOG = Logger.getLogger(ClientStream.class);

    private final InternalClient client;
    private final Instances instances;
    private final Context context;
    private final String path;
    private final int frameBytesMax;
    private final StreamPeer peer;

    private @Nullable FramedStream stream;
    private boolean isWanted;
    private boolean isHeard;
    private int attempt;
    private long backoffMillis;
    private long timer = -1;

    ClientStream(InternalClient client, Instances instances, Context context, Route route, StreamPeer peer) {
        this.client = client;
        this.instances = instances;
        this.context = context;
        this.path = route.path();
        this.frameBytesMax = route.frameBytesMax();
        this.peer = peer;
        this.backoffMillis = reconnectMinMillis();
    }

    record Route(String path, int frameBytesMax) {}

    void open() {
        context.runOnContext(_ -> {
            if (!isWanted) {
                isWanted = true;
                connect();
            }
        });
    }

    void close() {
        context.runOnContext(_ -> {
            isWanted = false;
            attempt++;
            vertx().cancelTimer(timer);
            if (stream != null) {
                stream.close("closed by this side");
            }
        });
    }

    @Override
    public void opened(FramedStream opened) {
        stream = opened;
        isHeard = false;
        peer.opened(opened);
    }

    @Override
    public void frame(ByteBuffer frame) {
        if (!isHeard && frame.get(frame.position()) != FrameType.REJECTED) {
            isHeard = true;
            backoffMillis = reconnectMinMillis();
        }
        peer.frame(frame);
    }

    @Override
    public void writable() {
        peer.writable();
    }

    @Override
    public void quiet() {
        peer.quiet();
    }

    @Override
    public void heardAgain() {
        peer.heardAgain();
    }

    @Override
    public void closed(String why) {
        stream = null;
        peer.closed(why);
        if (isWanted) {
            LOG.infof("stream closed path=%s reason=%s", path, why);
            connectLater();
        }
    }

    private void connect() {
        List<Instance> owners = instances.live(ServiceKind.WAL_STORE);
        if (owners.isEmpty()) {
            connectLater();
            return;
        }
        int thisAttempt = ++attempt;
        Instance owner = owners.getFirst();
        timer = vertx().setTimer(
                        client.options().streams().silence().toMillis(), _ -> failed(thisAttempt, owner, "no answer"));
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(owner.internalHost())
                .setPort(owner.internalPort())
                .setURI(path);
        client.open(request)
                .onSuccess(opened -> requested(thisAttempt, owner, opened))
                .onFailure(failure -> failed(thisAttempt, owner, String.valueOf(failure.getMessage())));
    }

    private void requested(int thisAttempt, Instance owner, HttpClientRequest request) {
        if (thisAttempt != attempt) {
            abort(request);
            return;
        }
        request.connection().exceptionHandler(failure -> LOG.debugf("connection broke reason=%s", failure));
        request.exceptionHandler(failure -> failed(thisAttempt, owner, String.valueOf(failure.getMessage())));
        request.response()
                .onSuccess(response -> answered(thisAttempt, owner, request, response))
                .onFailure(failure -> failed(thisAttempt, owner, String.valueOf(failure.getMessage())));
        request.setChunked(true).sendHead();
    }

    private void answered(int thisAttempt, Instance owner, HttpClientRequest request, HttpClientResponse response) {
        if (thisAttempt != attempt || response.statusCode() != Exchange.OK) {
            abort(request);
            failed(thisAttempt, owner, "status " + response.statusCode());
            return;
        }
        attempt++;
        vertx().cancelTimer(timer);
        FramedStream.Ends ends = new FramedStream.Ends(response, request, () -> abort(request));
        FramedStream.open(vertx(), ends, this, client.options().streams(), frameBytesMax);
    }

    /// Once per attempt: whatever else an attempt reports after its end is about a stream that has another owner now.
    private void failed(int thisAttempt, Instance owner, String why) {
        if (thisAttempt == attempt && isWanted) {
            attempt++;
            vertx().cancelTimer(timer);
            LOG.debugf("stream not opened path=%s owner=%s reason=%s", path, owner.internal(), why);
            instances.suspect(owner);
            connectLater();
        }
    }

    private void connectLater() {
        timer = vertx().setTimer(backoffMillis, _ -> connect());
        backoffMillis = Math.min(
                backoffMillis * 2, client.options().streams().reconnectMax().toMillis());
    }

    private static void abort(HttpClientRequest request) {
        request.reset();
        request.connection().close();
    }

    private long reconnectMinMillis() {
        return Math.max(1, client.options().streams().reconnectMin().toMillis());
    }

    private Vertx vertx() {
        return client.vertx();
    }
}
