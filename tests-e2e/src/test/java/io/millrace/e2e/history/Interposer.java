package io.millrace.e2e.history;

import io.millrace.e2e.cluster.HostPort;
import io.millrace.e2e.cluster.MillraceCluster;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/// Stands between clients and a cluster, and lets a planted bug change what passes. Clients learn of no other address
/// than its own.
///
/// Threads: two virtual ones for each connection.
final class Interposer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Interposer.class.getName());

    private final Bug bug;
    private final Map<HostPort, ServerSocket> doors = new HashMap<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    private record Question(ApiKeys api, short version, ApiMessage body) {}

    Interposer(MillraceCluster cluster, Bug bug) {
        this.bug = bug;
        cluster.kafkaNodes().forEach(node -> doors.put(node.address(), open()));
        doors.forEach(
                (server, door) -> Thread.ofVirtual().name("door to " + server).start(() -> accept(server, door)));
    }

    private static ServerSocket open() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Where clients find what the cluster has at this address.
    HostPort door(HostPort server) {
        ServerSocket door = Objects.requireNonNull(doors.get(server), () -> "no node at " + server);
        return new HostPort("127.0.0.1", door.getLocalPort());
    }

    private void accept(HostPort server, ServerSocket door) {
        while (!door.isClosed()) {
            try {
                connect(door.accept(), server);
            } catch (IOException closed) {
                // The test is at its end: the loop ends too.
                LOG.log(System.Logger.Level.DEBUG, "door to " + server, closed);
            }
        }
    }

    /// A client of a server that is down sees its connection closed.
    private void connect(Socket client, HostPort server) throws IOException {
        sockets.add(client);
        Socket upstream;
        try {
            upstream = new Socket(server.host(), server.port());
        } catch (IOException down) {
            client.close();
            return;
        }
        sockets.add(upstream);
        Queue<Question> unanswered = new ConcurrentLinkedQueue<>();
        Thread.ofVirtual().start(() -> pass(client, upstream, frame -> question(frame, unanswered)));
        Thread.ofVirtual().start(() -> pass(upstream, client, frame -> answer(frame, unanswered)));
    }

    private interface Change {
        ByteBuffer of(ByteBuffer frame);
    }

    private static void pass(Socket from, Socket to, Change change) {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            DataOutputStream out = new DataOutputStream(to.getOutputStream());
            while (true) {
                ByteBuffer changed = change.of(ByteBuffer.wrap(in.readNBytes(in.readInt())));
                byte[] frame = new byte[4 + changed.remaining()];
                ByteBuffer.wrap(frame).putInt(changed.remaining()).put(changed);
                out.write(frame);
                out.flush();
            }
        } catch (IOException ended) {
            // One side has closed; now the other one is closed too.
            return;
        }
    }

    private ByteBuffer question(ByteBuffer frame, Queue<Question> unanswered) {
        ByteBuffer copy = frame.duplicate();
        ApiKeys api = ApiKeys.forId(frame.getShort(0));
        short version = frame.getShort(2);
        ByteBufferAccessor readable = new ByteBufferAccessor(copy);
        new RequestHeaderData(readable, api.requestHeaderVersion(version));
        ApiMessage body = api.messageType.newRequest();
        body.read(readable, version);
        unanswered.add(new Question(api, version, body));
        bug.asked(body);
        return frame;
    }

    private ByteBuffer answer(ByteBuffer frame, Queue<Question> unanswered) {
        Question question = unanswered.remove();
        if (question.api() == ApiKeys.API_VERSIONS) {
            return frame;
        }
        ByteBufferAccessor readable = new ByteBufferAccessor(frame.duplicate());
        ResponseHeaderData header =
                new ResponseHeaderData(readable, question.api().responseHeaderVersion(question.version()));
        ApiMessage body = question.api().messageType.newResponse();
        body.read(readable, question.version());
        readdress(body);
        bug.answered(question.body(), body);
        ByteBuffer head = MessageUtil.toByteBufferAccessor(
                        header, question.api().responseHeaderVersion(question.version()))
                .buffer();
        ByteBuffer rest =
                MessageUtil.toByteBufferAccessor(body, question.version()).buffer();
        return ByteBuffer.allocate(head.remaining() + rest.remaining())
                .put(head)
                .put(rest)
                .flip();
    }

    private void readdress(ApiMessage body) {
        switch (body) {
            case MetadataResponseData metadata ->
                metadata.brokers().forEach(node -> {
                    HostPort door = door(new HostPort(node.host(), node.port()));
                    node.setHost(door.host()).setPort(door.port());
                });
            case FindCoordinatorResponseData found -> {
                if (found.port() > 0) {
                    HostPort door = door(new HostPort(found.host(), found.port()));
                    found.setHost(door.host()).setPort(door.port());
                }
                found.coordinators().stream().filter(node -> node.port() > 0).forEach(node -> {
                    HostPort door = door(new HostPort(node.host(), node.port()));
                    node.setHost(door.host()).setPort(door.port());
                });
            }
            case ProduceResponseData produced ->
                produced.nodeEndpoints().forEach(node -> {
                    HostPort door = door(new HostPort(node.host(), node.port()));
                    node.setHost(door.host()).setPort(door.port());
                });
            case FetchResponseData fetched ->
                fetched.nodeEndpoints().forEach(node -> {
                    HostPort door = door(new HostPort(node.host(), node.port()));
                    node.setHost(door.host()).setPort(door.port());
                });
            default -> {
                // Nothing else names an address.
            }
        }
    }

    @Override
    public void close() {
        try {
            for (ServerSocket door : doors.values()) {
                door.close();
            }
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
