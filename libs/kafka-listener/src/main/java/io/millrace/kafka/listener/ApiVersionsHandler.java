package io.millrace.kafka.listener;

import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.feature.Features;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/// Answers ApiVersions: exactly the APIs that have a route, in every version that the codec has.
///
/// Threads: immutable. Source: KIP-35, KIP-511, KIP-584.
final class ApiVersionsHandler implements RequestHandler {

    private final Set<ApiKeys> apis;
    private final Map<String, Short> features;

    ApiVersionsHandler(Set<ApiKeys> routed, Map<String, Short> features) {
        this.apis = EnumSet.of(ApiKeys.API_VERSIONS);
        this.apis.addAll(routed);
        this.features = Map.copyOf(features);
    }

    static ApiVersionCollection versions(Set<ApiKeys> apis) {
        ApiVersionCollection versions = new ApiVersionCollection();
        for (ApiKeys api : apis) {
            api.toApiVersionForApiResponse(false, ListenerType.BROKER).ifPresent(versions::add);
        }
        return versions;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        ApiVersionsRequest body = (ApiVersionsRequest) request.body();
        return Uni.createFrom().item(new KafkaResponse.Answer(answer(body)));
    }

    private ApiVersionsResponse answer(ApiVersionsRequest body) {
        if (body.hasUnsupportedRequestVersion()) {
            return body.getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception());
        }
        if (!body.isValid()) {
            return body.getErrorResponse(0, Errors.INVALID_REQUEST.exception());
        }
        Map<String, SupportedVersionRange> supported = new HashMap<>();
        features.forEach((name, level) -> supported.put(name, new SupportedVersionRange((short) 0, level)));
        return new ApiVersionsResponse.Builder()
                .setApiVersions(versions(apis))
                .setSupportedFeatures(Features.supportedFeatures(supported))
                .setFinalizedFeatures(features)
                .setFinalizedFeaturesEpoch(features.isEmpty() ? -1 : 0)
                .build();
    }
}
