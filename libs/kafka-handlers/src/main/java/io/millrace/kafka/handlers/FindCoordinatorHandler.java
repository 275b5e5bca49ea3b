package io.millrace.kafka.handlers;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/// Answers FindCoordinator: groups live on an offset-coordinator; transactions and share groups have no
/// coordinator, and the answer says so with an error that clients do not retry.
///
/// Source: Kafka protocol, FindCoordinator; KIP-699 (several keys), KIP-932 (share groups).
final class FindCoordinatorHandler implements RequestHandler {

    private static final short FIRST_VERSION_WITH_SEVERAL_KEYS = 4;
    private static final short FIRST_VERSION_WITH_SHARE_GROUPS = 6;
    private static final int NO_NODE = -1;

    private final Supplier<RoutingView> routing;

    FindCoordinatorHandler(ClusterContext context) {
        this.routing = context.routing();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        FindCoordinatorRequest body = (FindCoordinatorRequest) request.body();
        short version = request.version();
        List<String> keys = version < FIRST_VERSION_WITH_SEVERAL_KEYS
                ? List.of(body.data().key())
                : body.data().coordinatorKeys();
        FindCoordinatorResponseData data = new FindCoordinatorResponseData();
        for (String key : keys) {
            data.coordinators().add(coordinator(body.data().keyType(), version).setKey(key));
        }
        if (version < FIRST_VERSION_WITH_SEVERAL_KEYS) {
            Coordinator only = data.coordinators().getFirst();
            data = new FindCoordinatorResponseData()
                    .setErrorCode(only.errorCode())
                    .setErrorMessage(only.errorMessage())
                    .setNodeId(only.nodeId())
                    .setHost(only.host())
                    .setPort(only.port());
        }
        return Answers.of(new FindCoordinatorResponse(data));
    }

    private Coordinator coordinator(byte keyType, short version) {
        if (keyType == CoordinatorType.GROUP.id()) {
            return groupCoordinator();
        }
        if (keyType == CoordinatorType.TRANSACTION.id()) {
            return failed(Errors.UNSUPPORTED_VERSION, "Transactions are not supported by this cluster.");
        }
        if (keyType == CoordinatorType.SHARE.id() && version >= FIRST_VERSION_WITH_SHARE_GROUPS) {
            return failed(Errors.UNSUPPORTED_VERSION, "Share groups are not supported by this cluster.");
        }
        return failed(Errors.INVALID_REQUEST, "Unknown coordinator type " + keyType + " in version " + version + ".");
    }

    private Coordinator groupCoordinator() {
        Optional<Instance> node = routing.get().groupCoordinator();
        Optional<HostPort> address = node.flatMap(Instance::kafka);
        if (node.isEmpty() || address.isEmpty()) {
            return failed(Errors.COORDINATOR_NOT_AVAILABLE, "No offset-coordinator is alive.");
        }
        return new Coordinator()
                .setErrorMessage("")
                .setNodeId(node.get().nodeId())
                .setHost(address.get().host())
                .setPort(address.get().port());
    }

    private static Coordinator failed(Errors error, String message) {
        return new Coordinator()
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setNodeId(NO_NODE)
                .setHost("")
                .setPort(NO_NODE);
    }
}
