package io.millrace.coordinator.kafka;

import io.millrace.kafka.wire.KafkaRequest;
import java.net.InetAddress;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;

/// Who asks the coordinator, in its terms.
///
/// Threads: immutable.
record GroupRequestContext(
        ApiKeys api, short version, String clientId, int correlationId, InetAddress clientAddress, String listenerName)
        implements AuthorizableRequestContext {

    static GroupRequestContext of(KafkaRequest request) {
        return new GroupRequestContext(
                request.api(),
                request.version(),
                request.clientId(),
                request.correlationId(),
                address(request.client().host()),
                request.client().listener());
    }

    /// A request of our own REST interface.
    static GroupRequestContext ofRest(ApiKeys api) {
        return new GroupRequestContext(api, api.latestVersion(), "rest", 0, InetAddress.getLoopbackAddress(), "REST");
    }

    /// The host is an address in digits, as the socket or the forwarding service gave it: no name is looked up.
    private static InetAddress address(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("not a client's address: " + host, e);
        }
    }

    @Override
    public SecurityProtocol securityProtocol() {
        return SecurityProtocol.PLAINTEXT;
    }

    @Override
    public KafkaPrincipal principal() {
        return KafkaPrincipal.ANONYMOUS;
    }

    @Override
    public int requestType() {
        return api.id;
    }

    @Override
    public int requestVersion() {
        return version;
    }
}
