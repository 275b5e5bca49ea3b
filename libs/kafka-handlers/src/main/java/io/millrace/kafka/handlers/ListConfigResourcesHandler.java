package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import io.smallrye.mutiny.Uni;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;

/// Answers ListConfigResources: what has configurations, or can have.
///
/// Source: KIP-714, KIP-1142.
final class ListConfigResourcesHandler implements RequestHandler {

    private final TopicDirectory directory;
    private final Supplier<RoutingView> routing;

    ListConfigResourcesHandler(ClusterContext context) {
        this.directory = context.directory();
        this.routing = context.routing();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        ListConfigResourcesRequest body = (ListConfigResourcesRequest) request.body();
        Set<Byte> supported = body.supportedResourceTypes();
        Set<Byte> asked = new TreeSet<>(body.data().resourceTypes());
        if (!supported.containsAll(asked)) {
            return Answers.error(
                    request,
                    Errors.UNSUPPORTED_VERSION,
                    "This version lists the resource types " + supported + ", not " + asked + ".");
        }
        Set<Byte> types = asked.isEmpty() ? supported : asked;
        return directory.currentOrSeen().map(catalog -> {
            ListConfigResourcesResponseData data = new ListConfigResourcesResponseData();
            for (byte type : types) {
                names(ConfigResource.Type.forId(type), catalog)
                        .sorted()
                        .forEach(name -> data.configResources()
                                .add(new ListConfigResourcesResponseData.ConfigResource()
                                        .setResourceType(type)
                                        .setResourceName(name)));
            }
            return new KafkaResponse.Answer(new ListConfigResourcesResponse(data));
        });
    }

    private Stream<String> names(ConfigResource.Type type, Catalog catalog) {
        return switch (type) {
            case TOPIC -> catalog.ids().keySet().stream();
            case BROKER -> routing.get().nodes().stream().map(node -> Integer.toString(node.nodeId()));
            case GROUP -> named(Resource.Kind.GROUP, catalog);
            case CLIENT_METRICS -> named(Resource.Kind.CLIENT_METRICS, catalog);
            // Log levels are set where a service starts.
            case BROKER_LOGGER, UNKNOWN -> Stream.empty();
        };
    }

    private static Stream<String> named(Resource.Kind kind, Catalog catalog) {
        return catalog.resources().keySet().stream()
                .filter(resource -> resource.kind() == kind)
                .map(Resource::name);
    }
}
