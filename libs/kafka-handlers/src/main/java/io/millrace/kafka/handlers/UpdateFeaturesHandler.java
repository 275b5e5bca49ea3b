package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.UpdateFeaturesRequest;
import org.apache.kafka.common.requests.UpdateFeaturesResponse;

/// Answers UpdateFeatures: each feature has the one level that this release is made of.
///
/// Source: KIP-584, KIP-1022.
final class UpdateFeaturesHandler implements RequestHandler {

    /// From here on one answer is for all updates.
    private static final short FIRST_VERSION_WITHOUT_RESULTS = 2;

    private final Map<String, Short> levels;

    UpdateFeaturesHandler(Map<String, Short> levels) {
        this.levels = Map.copyOf(levels);
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        UpdateFeaturesRequest body = (UpdateFeaturesRequest) request.body();
        Map<String, ApiError> errors = new LinkedHashMap<>();
        for (UpdateFeaturesRequest.FeatureUpdateItem update : body.featureUpdates()) {
            errors.put(update.feature(), error(update));
        }
        return Answers.of(request.version() < FIRST_VERSION_WITHOUT_RESULTS ? each(errors) : together(errors));
    }

    private ApiError error(UpdateFeaturesRequest.FeatureUpdateItem update) {
        Short level = levels.get(update.feature());
        if (level == null) {
            return invalid(update, "The cluster does not have this feature.");
        }
        return update.versionLevel() == level
                ? ApiError.NONE
                : invalid(update, "The cluster supports version " + level + " and no other.");
    }

    private static ApiError invalid(UpdateFeaturesRequest.FeatureUpdateItem update, String why) {
        return new ApiError(
                Errors.INVALID_UPDATE_VERSION,
                "Invalid update version " + update.versionLevel() + " for feature " + update.feature() + ". " + why);
    }

    private static UpdateFeaturesResponse each(Map<String, ApiError> errors) {
        UpdateFeaturesResponseData data = new UpdateFeaturesResponseData();
        errors.forEach((feature, error) -> data.results()
                .add(new UpdatableFeatureResult()
                        .setFeature(feature)
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.message())));
        return new UpdateFeaturesResponse(data);
    }

    /// The first thing that is wrong is wrong with all.
    private static UpdateFeaturesResponse together(Map<String, ApiError> errors) {
        ApiError first =
                errors.values().stream().filter(ApiError::isFailure).findFirst().orElse(ApiError.NONE);
        return UpdateFeaturesResponse.createWithErrors(first, new LinkedHashSet<>(errors.keySet()), 0);
    }
}
