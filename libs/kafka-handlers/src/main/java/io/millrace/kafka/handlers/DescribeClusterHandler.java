package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.smallrye.mutiny.Uni;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;
import org.apache.kafka.common.requests.MetadataResponse;

/// Answers DescribeCluster: the nodes, the controller, the cluster's id.
///
/// Source: KIP-700, KIP-919 (endpoint types), KIP-1073 (fenced brokers, of which there are none: a node that is not
/// alive is not listed).
final class DescribeClusterHandler implements RequestHandler {

    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;

    private final TopicDirectory directory;
    private final Supplier<RoutingView> routing;

    DescribeClusterHandler(ClusterContext context) {
        this.directory = context.directory();
        this.routing = context.routing();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        DescribeClusterRequest body = (DescribeClusterRequest) request.body();
        byte endpointType = body.data().endpointType();
        if (endpointType == CONTROLLERS) {
            return Answers.error(
                    request,
                    Errors.MISMATCHED_ENDPOINT_TYPE,
                    "The request was sent to an endpoint of the wrong type: brokers describe brokers.");
        }
        if (endpointType != BROKERS) {
            return Answers.error(
                    request, Errors.UNSUPPORTED_ENDPOINT_TYPE, "Unsupported endpoint type " + endpointType);
        }
        return directory.ready().map(catalog -> new KafkaResponse.Answer(answer(body, catalog)));
    }

    private DescribeClusterResponse answer(DescribeClusterRequest request, Catalog catalog) {
        RoutingView view = routing.get();
        DescribeClusterResponseData data = new DescribeClusterResponseData()
                .setEndpointType(BROKERS)
                .setClusterId(catalog.clusterId())
                .setControllerId(
                        view.controller().map(node -> node.nodeId()).orElse(MetadataResponse.NO_CONTROLLER_ID));
        view.nodes()
                .forEach(node -> node.kafka()
                        .ifPresent(address -> data.brokers()
                                .add(new DescribeClusterBroker()
                                        .setBrokerId(node.nodeId())
                                        .setHost(address.host())
                                        .setPort(address.port()))));
        if (request.data().includeClusterAuthorizedOperations()) {
            data.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return new DescribeClusterResponse(data);
    }
}
