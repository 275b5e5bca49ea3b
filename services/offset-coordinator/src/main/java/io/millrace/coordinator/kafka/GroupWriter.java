package io.millrace.coordinator.kafka;

import io.millrace.coordinator.log.Admission;
import io.millrace.coordinator.log.ShardTenure;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.coordinator.common.runtime.PartitionWriter;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.VerificationGuard;

/// What Kafka's coordinator takes for the log of `__consumer_offsets`: appends go to the shard's tenure, and
/// requests are answered when the high watermark passes them, which is when the put is durable.
///
/// Threads: `append` on the coordinator's event threads, one at a time per shard; the rest on any.
/// Errors: as Kafka's own log when it is not the leader, also when the store does not keep up; the coordinator undoes
/// what it wanted to write and answers with a retriable error. A batch that is too large fails what wanted to
/// write it, and nothing else.
final class GroupWriter implements PartitionWriter {

    private final int batchBytesMax;
    private final LogConfig logConfig;
    private final Map<Integer, ShardTenure> tenures = new ConcurrentHashMap<>();
    private final Map<Integer, Listener> listeners = new ConcurrentHashMap<>();

    /// @param batchBytesMax as [GroupLog#batchBytesMax]
    GroupWriter(int batchBytesMax) {
        this.batchBytesMax = batchBytesMax;
        int kafkasMax = new LogConfig(Map.of()).maxMessageSize();
        logConfig = new LogConfig(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Math.min(kafkasMax, batchBytesMax)));
    }

    void serve(ShardTenure tenure) {
        tenures.put(tenure.shard(), tenure);
    }

    /// Of the last time that the shard was served; a lost one stays until the next.
    Optional<ShardTenure> tenure(int shard) {
        return Optional.ofNullable(tenures.get(shard));
    }

    /// Lets the requests go whose records lie before `highWatermark`.
    void advance(TopicPartition shard, long highWatermark) {
        Listener listener = listeners.get(shard.partition());
        if (listener != null) {
            listener.onHighWatermarkUpdated(shard, highWatermark);
        }
    }

    @Override
    public long append(TopicPartition shard, VerificationGuard guard, MemoryRecords records, short transactionVersion) {
        ShardTenure tenure = tenures.get(shard.partition());
        if (tenure == null) {
            throw new NotLeaderOrFollowerException("Shard " + shard.partition() + " is not owned");
        }
        // The runtime uses its buffer again as soon as this returns.
        byte[] bytes = BatchRecords.copyOf(records);
        if (bytes.length > batchBytesMax) {
            // What must be written at once the runtime does not split, however large it is; the log has to say no.
            throw new RecordTooLargeException("A batch of " + bytes.length + " bytes is larger than the "
                    + batchBytesMax + " that can be stored");
        }
        return switch (tenure.append(bytes, BatchRecords.count(records))) {
            case Admission.Accepted accepted -> accepted.endSequence();
            // Kafka's word for a log that cannot take it now is logged as an error for each batch; this one is not,
            // and makes clients try again just so.
            case Admission.Busy busy -> throw new NotLeaderOrFollowerException(busy.why());
            case Admission.Resigned _ ->
                throw new NotLeaderOrFollowerException("Shard " + shard.partition() + " was lost");
        };
    }

    @Override
    public void registerListener(TopicPartition shard, Listener listener) {
        listeners.put(shard.partition(), listener);
    }

    @Override
    public void deregisterListener(TopicPartition shard, Listener listener) {
        listeners.remove(shard.partition(), listener);
    }

    /// Asked for the largest batch only.
    @Override
    public LogConfig config(TopicPartition shard) {
        return logConfig;
    }

    /// No API that is served writes transactional offsets.
    @Override
    public CompletableFuture<VerificationGuard> maybeStartTransactionVerification(
            TopicPartition shard, String transactionalId, long producerId, short producerEpoch, int apiVersion) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("transactional offsets are not served"));
    }

    /// The log folds itself.
    @Override
    public CompletableFuture<Void> deleteRecords(TopicPartition shard, long deleteBeforeOffset) {
        return CompletableFuture.completedFuture(null);
    }
}
