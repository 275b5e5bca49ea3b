package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.QuotaEntity;
import io.millrace.model.Resource;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntityData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntryData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.ValueData;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.apache.kafka.common.requests.DescribeClientQuotasResponse;

/// Answers DescribeClientQuotas from the catalog.
///
/// Source: KIP-546.
final class DescribeClientQuotasHandler implements RequestHandler {

    private final TopicDirectory directory;

    DescribeClientQuotasHandler(ClusterContext context) {
        this.directory = context.directory();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        DescribeClientQuotasRequest body = (DescribeClientQuotasRequest) request.body();
        return switch (QuotaFilter.of(body.data())) {
            case QuotaFilter.Malformed malformed -> Answers.error(request, malformed.error(), malformed.message());
            case QuotaFilter.Components components ->
                directory
                        .currentOrSeen()
                        .map(catalog -> new KafkaResponse.Answer(new DescribeClientQuotasResponse(
                                new DescribeClientQuotasResponseData().setEntries(entries(components, catalog)))));
        };
    }

    private static List<EntryData> entries(QuotaFilter.Components filter, Catalog catalog) {
        List<EntryData> entries = new ArrayList<>();
        catalog.resources().forEach((resource, configs) -> {
            if (resource.kind() == Resource.Kind.CLIENT_QUOTA) {
                QuotaEntity entity = QuotaEntity.parse(resource.name());
                if (filter.matches(entity)) {
                    entries.add(entry(entity, configs));
                }
            }
        });
        return entries;
    }

    private static EntryData entry(QuotaEntity entity, Map<String, String> configs) {
        EntryData entry = new EntryData();
        for (Map.Entry<String, Optional<String>> name : entity.names().entrySet()) {
            entry.entity()
                    .add(new EntityData()
                            .setEntityType(name.getKey())
                            .setEntityName(name.getValue().orElse(null)));
        }
        configs.forEach(
                (key, value) -> entry.values().add(new ValueData().setKey(key).setValue(Double.parseDouble(value))));
        return entry;
    }
}
