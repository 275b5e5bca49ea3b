package io.millrace.kafka.quota;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.FetchResponse;

/// Holds clients to their quotas: an answer to one that took too much says for how long it should be silent.
///
/// Threads: any. Source: KIP-13, KIP-219; as in Kafka a quota is for each instance.
public final class ClientQuotas {

    /// Everybody, as long as nobody has to say who he is.
    private static final String USER = "ANONYMOUS";

    private final Supplier<Catalog> catalog;
    private final LongSupplier nanoClock;
    private final Options options;

    // Written under the lock, read without it.
    private volatile Seen seen = new Seen(Map.of(), new QuotaTable(Map.of()));

    /// Guards the buckets, and that the table is made once; those who took nothing for longest are forgotten first.
    private final ReentrantLock lock = new ReentrantLock();

    private final LinkedHashMap<String, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    public ClientQuotas(Supplier<Catalog> catalog, LongSupplier nanoClock, Options options) {
        this.catalog = catalog;
        this.nanoClock = nanoClock;
        this.options = options;
    }

    /// The bounds.
    ///
    /// @param window a client that took nothing for so long may take at once what it may take in that time
    /// @param throttleMax the longest time for which a client has to be silent
    /// @param clientsMax how many clients are remembered
    public record Options(Duration window, Duration throttleMax, int clientsMax) {
        public Options {
            if (!window.isPositive() || !throttleMax.isPositive() || clientsMax < 1) {
                throw new IllegalArgumentException("the bounds of quotas are positive");
            }
        }
    }

    /// The handler of Produce, with quotas for what requests bring.
    public RequestHandler ofProduce(RequestHandler handler) {
        return request -> handler.handle(request).map(response -> {
            int throttleMillis = throttleMillis(
                    request, ResourceConfigs.PRODUCER_BYTE_RATE, request.frame().remaining());
            return throttleMillis == 0 ? response : throttled(response, throttleMillis);
        });
    }

    /// The handler of Fetch, with quotas for the records in the answers.
    public RequestHandler ofFetch(RequestHandler handler) {
        return request -> handler.handle(request).map(response -> {
            int throttleMillis = throttleMillis(request, ResourceConfigs.CONSUMER_BYTE_RATE, recordBytes(response));
            return throttleMillis == 0 ? response : throttled(response, throttleMillis);
        });
    }

    private int throttleMillis(KafkaRequest request, String quota, long bytes) {
        return throttleMillis(request.clientId(), quota, bytes);
    }

    /// Counts the bytes.
    ///
    /// @return how long the client should be silent
    int throttleMillis(String clientId, String quota, long bytes) {
        QuotaTable current = current();
        if (current.isEmpty()) {
            return 0;
        }
        Optional<QuotaTable.Limit> limit = current.find(USER, clientId, quota);
        return limit.map(found -> throttleMillis(quota, found, bytes)).orElse(0);
    }

    private int throttleMillis(String quota, QuotaTable.Limit limit, long bytes) {
        long now = nanoClock.getAsLong();
        long windowNanos = options.window().toNanos();
        lock.lock();
        try {
            TokenBucket bucket = buckets.computeIfAbsent(
                    quota + " " + limit.sharers(), _ -> new TokenBucket(limit.bytesPerSecond(), windowNanos, now));
            TokenBucket.Rate rate = new TokenBucket.Rate(limit.bytesPerSecond(), windowNanos);
            long nanos = bucket.take(bytes, rate, options.throttleMax().toNanos(), now);
            if (buckets.size() > options.clientsMax()) {
                buckets.pollFirstEntry();
            }
            return (int) Math.ceilDiv(nanos, 1_000_000L);
        } finally {
            lock.unlock();
        }
    }

    /// The quotas, and of what they were made.
    private record Seen(Map<Resource, Map<String, String>> resources, QuotaTable table) {
        @SuppressWarnings("ReferenceEquality") // maps of the catalog do not change
        boolean isOf(Catalog catalog) {
            return resources == catalog.resources();
        }
    }

    private QuotaTable current() {
        Catalog latest = catalog.get();
        if (!seen.isOf(latest)) {
            lock.lock();
            try {
                seen = new Seen(latest.resources(), new QuotaTable(latest.resources()));
            } finally {
                lock.unlock();
            }
        }
        return seen.table();
    }

    private static KafkaResponse throttled(KafkaResponse response, int throttleMillis) {
        return switch (response) {
            case KafkaResponse.Answer answer -> {
                AbstractResponse body = answer.body();
                body.maybeSetThrottleTimeMs(throttleMillis);
                yield answer;
            }
            case KafkaResponse.Silence _ -> new KafkaResponse.Silence(throttleMillis);
            case KafkaResponse.Forwarded _, KafkaResponse.Disconnect _ -> response;
        };
    }

    private static long recordBytes(KafkaResponse response) {
        if (!(response instanceof KafkaResponse.Answer answer) || !(answer.body() instanceof FetchResponse fetch)) {
            return 0;
        }
        long bytes = 0;
        for (FetchResponseData.FetchableTopicResponse topic : fetch.data().responses()) {
            for (FetchResponseData.PartitionData partition : topic.partitions()) {
                bytes += FetchResponse.recordsSize(partition);
            }
        }
        return bytes;
    }
}
