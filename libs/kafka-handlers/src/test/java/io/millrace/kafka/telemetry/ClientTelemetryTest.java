package io.millrace.kafka.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.kafka.wire.ClientDetails;
import io.millrace.kafka.wire.KafkaCodec;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.ParsedFrame;
import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsResponse;
import org.apache.kafka.common.requests.PushTelemetryResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryUtils;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.AnyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.KeyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Sum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientTelemetryTest {

    private final Map<Resource, Map<String, String>> resources = new HashMap<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long nowNanos = 5;
    private String clientId = "me";
    private Executor reading = Runnable::run;
    private final ClientTelemetry telemetry = new ClientTelemetry(
            new ClientTelemetry.Environment(
                    () -> Catalog.of("c", 1, 1, List.of(), resources),
                    () -> nowNanos,
                    new Random(1),
                    task -> reading.execute(task),
                    registry),
            new ClientTelemetry.Options(1_000, 10, 2));

    @Test
    void aClientIsToldWhatTheSubscriptionsThatMatchItWant() {
        subscribe("all", Map.of("metrics", "org.apache.kafka.producer.", "interval.ms", "60000"));
        subscribe("mine", Map.of("metrics", "a.,b.", "interval.ms", "1000", "match", "client_id=me"));
        subscribe("other", Map.of("metrics", "c.", "interval.ms", "100", "match", "client_id=you"));

        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(told.requestedMetrics()).containsExactly("a.", "b.", "org.apache.kafka.producer.");
        assertThat(told.pushIntervalMs()).isEqualTo(1_000);
        assertThat(told.clientInstanceId()).isNotEqualTo(Uuid.ZERO_UUID);
    }

    @Test
    void whatAClientSendsBecomesAMetric() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(push(told, counted("sent", 7))).isEqualTo(Errors.NONE);
        pass(Duration.ofSeconds(1));
        assertThat(push(told, counted("sent", 5))).isEqualTo(Errors.NONE);

        assertThat(registry.get("millrace.client.metric")
                        .tag("metric", "sent")
                        .tag("client_id", "me")
                        .gauge()
                        .value())
                .isEqualTo(12);
    }

    @Test
    void whoComesTooEarlyIsThrottled() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(ask(told.clientInstanceId()).errorCode()).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED.code());
        assertThat(push(told, counted("sent", 7))).isEqualTo(Errors.NONE);
        assertThat(push(told, counted("sent", 7))).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
    }

    @Test
    void whoSendsForAnOldSubscriptionIsSentToAskAnew() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);
        subscribe("all", Map.of("metrics", "a.", "interval.ms", "1000"));

        assertThat(push(told, counted("sent", 7))).isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);

        assertThat(ask(told.clientInstanceId()).requestedMetrics()).containsExactly("a.");
    }

    @Test
    void whatIsWrongWithAPushIsSaid() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);

        assertThat(push(told, ByteBuffer.allocate(1_001))).isEqualTo(Errors.TELEMETRY_TOO_LARGE);
        pass(Duration.ofSeconds(1));
        assertThat(push(told, ByteBuffer.wrap(new byte[] {1, 2, 3}))).isEqualTo(Errors.INVALID_RECORD);
        pass(Duration.ofSeconds(1));
        assertThat(push(pushData(told, counted("sent", 1)).setCompressionType((byte) 9)))
                .isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(push(pushData(told, counted("sent", 1)).setClientInstanceId(Uuid.ZERO_UUID)))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void theMetricsOfAClientThatSaysGoodbyeGo() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        GetTelemetrySubscriptionsResponseData told = ask(Uuid.ZERO_UUID);
        push(told, counted("sent", 7));

        assertThat(push(pushData(told, counted("sent", 1)).setTerminating(true)))
                .isEqualTo(Errors.NONE);

        assertThat(registry.getMeters()).isEmpty();
        assertThat(push(told, counted("sent", 1))).isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void theMetricsOfAClientThatIsSilentForThreeIntervalsGo() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        push(ask(Uuid.ZERO_UUID), counted("sent", 7));

        pass(Duration.ofSeconds(3));
        ask(Uuid.ZERO_UUID);

        assertThat(registry.getMeters()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"82534e4150505900 00000001 00000001 08000000", "80808040 00"})
    void aSnappyBlockThatClaimsManyMegabytesIsRefusedBeforeTheyAreAllocated(String hex) {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        ByteBuffer claim = ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
        PushTelemetryRequestData push = pushData(ask(Uuid.ZERO_UUID), claim);
        long before = allocatedBytes();

        Errors error = push(push.setCompressionType(CompressionType.SNAPPY.id));

        assertThat(error).isEqualTo(Errors.INVALID_RECORD);
        assertThat(allocatedBytes() - before).isLessThan(64 << 20);
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void metricsComeInEachOfTheCompressionsThatAreOffered(CompressionType type) throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        ByteBuffer metrics = ClientTelemetryUtils.compress(data("sent", point(7)), type);

        Errors error = push(pushData(ask(Uuid.ZERO_UUID), metrics).setCompressionType(type.id));

        assertThat(error).isEqualTo(Errors.NONE);
        assertThat(registry.get("millrace.client.metric").gauge().value()).isEqualTo(7);
    }

    @Test
    void aSeriesWithALongNameOrLongAttributesIsLeftOut() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        String longestTopic = "t".repeat(249);

        push(ask(Uuid.ZERO_UUID), zipped(data("x".repeat(257), point(1))));
        push(ask(Uuid.ZERO_UUID), zipped(data("sent", point(1, attribute("x", "y".repeat(1_024))))));
        push(ask(Uuid.ZERO_UUID), zipped(data("x".repeat(256), point(1, attribute("topic", longestTopic)))));

        assertThat(registry.getMeters())
                .singleElement()
                .satisfies(
                        meter -> assertThat(meter.getId().getTag("attributes")).isEqualTo("topic=" + longestTopic));
    }

    @Test
    void aClientWithALongIdLeavesNoSeries() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        clientId = "x".repeat(257);

        Errors error = push(ask(Uuid.ZERO_UUID), counted("sent", 1));

        assertThat(error).isEqualTo(Errors.NONE);
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void noMoreClientsThanConfiguredAreRememberedOfThoseWhoOnlySend() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        push(ask(Uuid.ZERO_UUID), counted("sent", 7));

        for (int i = 0; i < 10; i++) {
            PushTelemetryRequestData unasked = new PushTelemetryRequestData().setClientInstanceId(new Uuid(9, i));
            assertThat(push(unasked)).isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);
        }

        assertThat(registry.getMeters()).as("of the client heard of first").isEmpty();
    }

    @Test
    void aClientThatIsForgottenWhileItsMetricsAreReadLeavesNoSeries() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        List<Runnable> held = new ArrayList<>();
        reading = held::add;
        telemetry
                .push(request(ApiKeys.PUSH_TELEMETRY, pushData(ask(Uuid.ZERO_UUID), counted("sent", 7))))
                .subscribe()
                .with(answer -> {});

        for (int i = 0; i < 10; i++) {
            push(new PushTelemetryRequestData().setClientInstanceId(new Uuid(9, i)));
        }
        held.forEach(Runnable::run);

        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aClientIsSilentByItsOwnInterval() throws IOException {
        subscribe("mine", Map.of("metrics", "*", "interval.ms", "60000", "match", "client_id=me"));
        subscribe("other", Map.of("metrics", "*", "interval.ms", "1000", "match", "client_id=you"));
        push(ask(Uuid.ZERO_UUID), counted("sent", 7));

        pass(Duration.ofSeconds(3));
        clientId = "you";
        ask(Uuid.ZERO_UUID);

        assertThat(registry.getMeters()).hasSize(1);
    }

    @Test
    void noMoreSeriesThanConfiguredAreKept() throws IOException {
        subscribe("all", Map.of("metrics", "*", "interval.ms", "1000"));
        for (int i = 0; i < 3; i++) {
            push(ask(Uuid.ZERO_UUID), counted("sent", 1));
        }

        assertThat(registry.getMeters()).hasSize(2);
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private void subscribe(String name, Map<String, String> configs) {
        resources.put(new Resource(Resource.Kind.CLIENT_METRICS, name), configs);
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    private GetTelemetrySubscriptionsResponseData ask(Uuid id) {
        return answer(
                        telemetry.subscriptions(request(
                                ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                                new GetTelemetrySubscriptionsRequestData().setClientInstanceId(id))),
                        GetTelemetrySubscriptionsResponse.class)
                .data();
    }

    private Errors push(GetTelemetrySubscriptionsResponseData told, ByteBuffer metrics) {
        return push(pushData(told, metrics));
    }

    private Errors push(PushTelemetryRequestData data) {
        return answer(telemetry.push(request(ApiKeys.PUSH_TELEMETRY, data)), PushTelemetryResponse.class)
                .error();
    }

    private static PushTelemetryRequestData pushData(GetTelemetrySubscriptionsResponseData told, ByteBuffer metrics) {
        return new PushTelemetryRequestData()
                .setClientInstanceId(told.clientInstanceId())
                .setSubscriptionId(told.subscriptionId())
                .setCompressionType(CompressionType.ZSTD.id)
                .setMetrics(metrics);
    }

    private static ByteBuffer counted(String name, long count) throws IOException {
        return zipped(data(name, point(count)));
    }

    private static ByteBuffer zipped(MetricsData data) throws IOException {
        return ClientTelemetryUtils.compress(data, CompressionType.ZSTD);
    }

    private static MetricsData data(String name, NumberDataPoint point) {
        Sum sum = Sum.newBuilder()
                .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                .addDataPoints(point)
                .build();
        Metric metric = Metric.newBuilder().setName(name).setSum(sum).build();
        return MetricsData.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
                .build();
    }

    private static NumberDataPoint point(long count, KeyValue... attributes) {
        return NumberDataPoint.newBuilder()
                .setAsInt(count)
                .addAllAttributes(List.of(attributes))
                .build();
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static <T> T answer(Uni<KafkaResponse> response, Class<T> type) {
        KafkaResponse.Answer answer = (KafkaResponse.Answer) response.await().atMost(Duration.ofSeconds(10));
        return type.cast(answer.body());
    }

    private KafkaRequest request(ApiKeys api, ApiMessage body) {
        RequestHeader header = new RequestHeader(
                new RequestHeaderData()
                        .setRequestApiKey(api.id)
                        .setRequestApiVersion((short) 0)
                        .setClientId(clientId)
                        .setCorrelationId(1),
                api.requestHeaderVersion((short) 0));
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion())
                .buffer();
        ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, (short) 0).buffer();
        ByteBuffer frame = ByteBuffer.allocate(head.remaining() + tail.remaining())
                .put(head)
                .put(tail)
                .flip();
        return ((ParsedFrame.Parsed) KafkaCodec.parse(frame, ClientDetails.unnamed("127.0.0.1", 1, "kafka"))).request();
    }
}
