package io.millrace.kafka.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.SnappyBlocks;
import io.millrace.model.Catalog;
import io.millrace.model.ClientMatch;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsRequest;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsResponse;
import org.apache.kafka.common.requests.PushTelemetryRequest;
import org.apache.kafka.common.requests.PushTelemetryResponse;
import org.apache.kafka.common.telemetry.internals.ClientTelemetryUtils;

/// Answers GetTelemetrySubscriptions and PushTelemetry.
///
/// Threads: any; what clients sent is decompressed and read on the executor. Source: KIP-714.
public final class ClientTelemetry {

    private static final List<Byte> COMPRESSIONS = List.of(
            CompressionType.ZSTD.id, CompressionType.LZ4.id, CompressionType.GZIP.id, CompressionType.SNAPPY.id);

    private final Environment environment;
    private final Options options;
    private final ClientSeries series;

    /// Guards the clients, in the order in which they were heard of.
    private final ReentrantLock lock = new ReentrantLock();

    private final LinkedHashMap<Uuid, TelemetryClient> clients = new LinkedHashMap<>(16, 0.75f, true);

    public ClientTelemetry(Environment environment, Options options) {
        this.environment = environment;
        this.options = options;
        this.series = new ClientSeries(environment.registry(), options.seriesMax());
    }

    /// What it works with.
    ///
    /// @param random gives client instances their ids
    public record Environment(
            Supplier<Catalog> catalog,
            LongSupplier nanoClock,
            RandomGenerator random,
            Executor reading,
            MeterRegistry registry) {}

    /// The bounds.
    ///
    /// @param bytesMax of what a client sends at once, compressed and decompressed
    /// @param clientsMax how many client instances are remembered
    /// @param seriesMax how many numbers of all clients are kept
    public record Options(int bytesMax, int clientsMax, int seriesMax) {}

    /// Tells a client what is wanted of it.
    public Uni<KafkaResponse> subscriptions(KafkaRequest request) {
        GetTelemetrySubscriptionsRequest body = (GetTelemetrySubscriptionsRequest) request.body();
        Uuid asked = body.data().clientInstanceId();
        Uuid id = asked.equals(Uuid.ZERO_UUID) ? newId() : asked;
        Subscription subscription = Subscription.of(environment.catalog().get(), client(request, id));
        if (!mayAsk(id, subscription)) {
            return answer(body.getErrorResponse(0, Errors.THROTTLING_QUOTA_EXCEEDED.exception()));
        }
        return answer(new GetTelemetrySubscriptionsResponse(new GetTelemetrySubscriptionsResponseData()
                .setClientInstanceId(id)
                .setSubscriptionId(subscription.id(id))
                .setRequestedMetrics(new ArrayList<>(subscription.metrics()))
                .setAcceptedCompressionTypes(COMPRESSIONS)
                .setPushIntervalMs(subscription.intervalMillis())
                .setTelemetryMaxBytes(options.bytesMax())
                .setDeltaTemporality(true)));
    }

    /// Takes what a client sends.
    public Uni<KafkaResponse> push(KafkaRequest request) {
        PushTelemetryRequest body = (PushTelemetryRequest) request.body();
        PushTelemetryRequestData data = body.data();
        Uuid id = data.clientInstanceId();
        if (Uuid.RESERVED.contains(id)) {
            return answer(body.errorResponse(0, Errors.INVALID_REQUEST));
        }
        Subscription subscription = Subscription.of(environment.catalog().get(), client(request, id));
        Errors error = admit(data, subscription);
        if (error != Errors.NONE) {
            return answer(body.errorResponse(0, error));
        }
        return Uni.createFrom()
                .item(() -> (KafkaResponse) new KafkaResponse.Answer(take(body, request.clientId())))
                .runSubscriptionOn(environment.reading());
    }

    private boolean mayAsk(Uuid id, Subscription subscription) {
        long now = environment.nanoClock().getAsLong();
        lock.lock();
        try {
            boolean may = remembered(id).mayAsk(now, nanos(subscription));
            forgetTheSilent(now);
            return may;
        } finally {
            lock.unlock();
        }
    }

    private Errors admit(PushTelemetryRequestData data, Subscription subscription) {
        long now = environment.nanoClock().getAsLong();
        lock.lock();
        try {
            TelemetryClient client = remembered(data.clientInstanceId());
            Errors error = admit(client, data, subscription, now);
            forgetTheSilent(now);
            return error;
        } finally {
            lock.unlock();
        }
    }

    private Errors admit(
            TelemetryClient client, PushTelemetryRequestData data, Subscription subscription, long nowNanos) {
        if (client.isEnded()) {
            return Errors.INVALID_REQUEST;
        }
        if (!client.mayPush(nowNanos, nanos(subscription), data.terminating())) {
            return Errors.THROTTLING_QUOTA_EXCEEDED;
        }
        if (data.terminating()) {
            client.end();
        }
        if (data.subscriptionId() != subscription.id(data.clientInstanceId())) {
            client.sendAway();
            return Errors.UNKNOWN_SUBSCRIPTION_ID;
        }
        if (data.compressionType() != CompressionType.NONE.id && !COMPRESSIONS.contains(data.compressionType())) {
            client.sendAway();
            return Errors.UNSUPPORTED_COMPRESSION_TYPE;
        }
        return data.metrics().remaining() > options.bytesMax() ? Errors.TELEMETRY_TOO_LARGE : Errors.NONE;
    }

    private PushTelemetryResponse take(PushTelemetryRequest request, String clientId) {
        Uuid id = request.data().clientInstanceId();
        if (request.data().metrics().hasRemaining()) {
            if (claimsTooMuch(request.data())) {
                return request.errorResponse(0, Errors.INVALID_RECORD);
            }
            try {
                ByteBuffer metrics = request.metricsData(options.bytesMax());
                series.accept(id, clientId, ClientTelemetryUtils.deserializeMetricsData(metrics));
            } catch (KafkaException unreadable) {
                return request.errorResponse(0, Errors.INVALID_RECORD);
            }
        }
        if (request.data().terminating() || isForgotten(id)) {
            series.forget(id);
        }
        return new PushTelemetryResponse(new PushTelemetryResponseData());
    }

    /// Kafka's codec allocates what a snappy block says it has.
    private boolean claimsTooMuch(PushTelemetryRequestData data) {
        return data.compressionType() == CompressionType.SNAPPY.id
                && SnappyBlocks.problem(data.metrics(), options.bytesMax()).isPresent();
    }

    /// The client comes last of all from now on.
    private TelemetryClient remembered(Uuid id) {
        return clients.computeIfAbsent(id, _ -> new TelemetryClient());
    }

    /// While its metrics were read, others may have taken its place.
    private boolean isForgotten(Uuid id) {
        lock.lock();
        try {
            return !clients.containsKey(id);
        } finally {
            lock.unlock();
        }
    }

    /// Those who are silent for longest come first.
    private void forgetTheSilent(long nowNanos) {
        Iterator<Map.Entry<Uuid, TelemetryClient>> oldest = clients.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Uuid, TelemetryClient> each = oldest.next();
            if (clients.size() <= options.clientsMax() && !each.getValue().isSilent(nowNanos)) {
                return;
            }
            series.forget(each.getKey());
            oldest.remove();
        }
    }

    private static Map<String, String> client(KafkaRequest request, Uuid instanceId) {
        return Map.of(
                ClientMatch.INSTANCE_ID, instanceId.toString(),
                ClientMatch.CLIENT_ID, request.clientId(),
                ClientMatch.SOFTWARE_NAME, request.client().softwareName(),
                ClientMatch.SOFTWARE_VERSION, request.client().softwareVersion(),
                ClientMatch.SOURCE_ADDRESS, request.client().host(),
                ClientMatch.SOURCE_PORT, Integer.toString(request.client().port()));
    }

    private Uuid newId() {
        RandomGenerator random = environment.random();
        Uuid id = new Uuid(random.nextLong(), random.nextLong());
        return Uuid.RESERVED.contains(id) ? newId() : id;
    }

    private static long nanos(Subscription subscription) {
        return Duration.ofMillis(subscription.intervalMillis()).toNanos();
    }

    private static Uni<KafkaResponse> answer(AbstractResponse body) {
        return Uni.createFrom().item(new KafkaResponse.Answer(body));
    }
}
