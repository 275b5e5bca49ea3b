package io.millrace.kafka.handlers;

import io.millrace.kafka.handlers.ClusterContext.NodeConfig;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Resource;
import io.millrace.model.TopicNames;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/// Answers DescribeConfigs for topics, groups and client metrics, from the catalog, and for the node that is asked.
///
/// Source: KIP-133, KIP-226 (synonyms), KIP-569 (types and documentation).
final class DescribeConfigsHandler implements RequestHandler {

    private final TopicDirectory directory;
    private final String nodeId;
    private final List<NodeConfig> nodeConfigs;

    DescribeConfigsHandler(ClusterContext context) {
        this.directory = context.directory();
        this.nodeId = Integer.toString(context.self().nodeId());
        this.nodeConfigs = context.settings().nodeConfigs();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        DescribeConfigsRequestData asked = ((DescribeConfigsRequest) request.body()).data();
        if (asked.resources().isEmpty()) {
            return Answers.of(new DescribeConfigsResponse(new DescribeConfigsResponseData()));
        }
        List<Uni<DescribeConfigsResult>> results = asked.resources().stream()
                .map(resource -> describe(resource, asked))
                .toList();
        return Uni.join()
                .all(results)
                .usingConcurrencyOf(16)
                .andCollectFailures()
                .map(all -> new KafkaResponse.Answer(
                        new DescribeConfigsResponse(new DescribeConfigsResponseData().setResults(all))));
    }

    private Uni<DescribeConfigsResult> describe(DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
        return switch (ConfigResource.Type.forId(resource.resourceType())) {
            case TOPIC -> topic(resource, asked);
            case BROKER -> Uni.createFrom().item(node(resource, asked));
            case GROUP -> configured(resource, Resource.Kind.GROUP, asked);
            case CLIENT_METRICS -> configured(resource, Resource.Kind.CLIENT_METRICS, asked);
            case BROKER_LOGGER, UNKNOWN ->
                Uni.createFrom()
                        .item(failed(
                                resource,
                                Errors.INVALID_REQUEST,
                                "Configurations of resource type " + resource.resourceType() + " are not supported."));
        };
    }

    private Uni<DescribeConfigsResult> topic(DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
        String name = resource.resourceName();
        String problem = TopicNames.problem(name).orElse("");
        if (!problem.isEmpty()) {
            return Uni.createFrom().item(failed(resource, Errors.INVALID_TOPIC_EXCEPTION, problem));
        }
        return directory
                .find(name)
                .map(topic -> topic.map(found -> described(resource, TopicConfigEntries.of(found), asked))
                        .orElseGet(() -> failed(
                                resource,
                                Errors.UNKNOWN_TOPIC_OR_PARTITION,
                                Errors.UNKNOWN_TOPIC_OR_PARTITION.message())))
                .onFailure(StoreSilence.class)
                .recoverWithItem(silence -> failed(resource, Errors.REQUEST_TIMED_OUT, silence.toString()));
    }

    private Uni<DescribeConfigsResult> configured(
            DescribeConfigsResource asked, Resource.Kind kind, DescribeConfigsRequestData request) {
        if (asked.resourceName().isEmpty()) {
            return Uni.createFrom().item(failed(asked, Errors.INVALID_REQUEST, "The name must not be empty."));
        }
        Resource resource = new Resource(kind, asked.resourceName());
        return directory
                .currentOrSeen()
                .map(catalog ->
                        described(asked, ResourceConfigEntries.of(resource, catalog.configs(resource)), request));
    }

    /// The empty name asks for what was changed for all nodes together at run time, which is nothing.
    private DescribeConfigsResult node(DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
        String name = resource.resourceName();
        if (name.isEmpty()) {
            return described(resource, List.of(), asked);
        }
        if (!name.equals(nodeId)) {
            return failed(
                    resource,
                    Errors.INVALID_REQUEST,
                    "Unexpected broker id, expected " + nodeId + " or empty string, but received " + name);
        }
        List<DescribeConfigsResourceResult> entries =
                nodeConfigs.stream().map(DescribeConfigsHandler::entry).toList();
        return described(resource, entries, asked);
    }

    private static DescribeConfigsResourceResult entry(NodeConfig config) {
        return new DescribeConfigsResourceResult()
                .setName(config.name())
                .setValue(config.value())
                .setReadOnly(true)
                .setConfigSource(ConfigSource.STATIC_BROKER_CONFIG.id())
                .setConfigType(ConfigType.STRING.id())
                .setDocumentation(config.documentation());
    }

    private static DescribeConfigsResult described(
            DescribeConfigsResource resource,
            Collection<DescribeConfigsResourceResult> entries,
            DescribeConfigsRequestData asked) {
        // Kafka takes an empty list of keys for "all", as it does null: its own older clients send it.
        Predicate<String> isWanted = resource.configurationKeys() == null
                        || resource.configurationKeys().isEmpty()
                ? name -> true
                : resource.configurationKeys()::contains;
        DescribeConfigsResult result = new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
        for (DescribeConfigsResourceResult entry : entries) {
            if (!isWanted.test(entry.name())) {
                continue;
            }
            if (!asked.includeSynonyms()) {
                entry.setSynonyms(List.of());
            }
            if (!asked.includeDocumentation()) {
                entry.setDocumentation(null);
            }
            result.configs().add(entry);
        }
        return result;
    }

    private static DescribeConfigsResult failed(DescribeConfigsResource resource, Errors error, String message) {
        return new DescribeConfigsResult()
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
    }
}
