package io.millrace.partition;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.partition.AppendDecision.Standing;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Decides the batches of one partition for one round, each against the partition and against the earlier ones.
///
/// Threads: the commit thread. It is dropped with the round, so a refused or failed round leaves no trace.
/// Source: Kafka's rules for idempotent producers as a broker applies them to clients.
final class PartitionDraft {

    private final PartitionLog log;
    private final RoundContext context;
    /// None for the many partitions of a round without an idempotent producer.
    private Map<Long, ProducerState> producers = Map.of();
    private long nextOffset;

    PartitionDraft(PartitionLog log, RoundContext context) {
        this.log = log;
        this.context = context;
        this.nextOffset = log.logEndOffset();
    }

    AppendDecision decide(AppendRules rules, RecordBatch batch) {
        AppendDecision.Refuse refusal = malformed(batch);
        if (refusal != null) {
            return refusal;
        }
        int bytesMax = Math.min(rules.batchBytesMax(), context.batchBytesMax());
        if (batch.sizeInBytes() > bytesMax) {
            return new AppendDecision.Refuse(
                    Refusal.RECORD_TOO_LARGE,
                    "The batch has " + batch.sizeInBytes() + " bytes, more than the " + bytesMax + " that topic "
                            + rules.topic().name() + " accepts");
        }
        if (!batch.hasProducerId()) {
            return accept(rules, batch);
        }
        ProducerState known = producer(batch.producerId());
        if (known != null) {
            OptionalLong first = known.offsetOf(batch);
            if (first.isPresent()) {
                long offset = first.getAsLong();
                return new AppendDecision.Duplicate(
                        offset, offset < log.logEndOffset() ? Standing.DURABLE : Standing.IN_THIS_ROUND);
            }
            refusal = outOfOrder(known, batch);
            if (refusal != null) {
                return refusal;
            }
        }
        // Without state any first sequence is right: retention or DeleteRecords may have removed what came before.
        AppendDecision.Accept accepted = accept(rules, batch);
        long baseOffset = accepted.entry().baseOffset();
        remember(
                batch.producerId(),
                known == null
                        ? ProducerState.startingWith(batch, baseOffset, context.timeMillis())
                        : known.with(batch, baseOffset, context.timeMillis()));
        return accepted;
    }

    private void remember(long producerId, ProducerState state) {
        if (producers.isEmpty()) {
            producers = new HashMap<>();
        }
        producers.put(producerId, state);
    }

    private static AppendDecision.@Nullable Refuse malformed(RecordBatch batch) {
        if (!batch.hasValidChecksum()) {
            return new AppendDecision.Refuse(
                    Refusal.CORRUPT_BATCH, "The checksum of the batch does not match its bytes");
        }
        String problem = null;
        if (batch.recordCount() < 1 || batch.recordCount() != batch.lastOffsetDelta() + 1) {
            problem = "The batch reports " + batch.recordCount() + " records but a last offset delta of "
                    + batch.lastOffsetDelta();
        } else if (batch.isControl()) {
            problem = "Clients are not allowed to write control records";
        } else if (batch.isTransactional()) {
            problem = "Transactions are not supported";
        } else if (batch.hasProducerId() && (batch.baseSequence() < 0 || batch.producerEpoch() < 0)) {
            problem = "A batch with producer id " + batch.producerId() + " has sequence " + batch.baseSequence()
                    + " and epoch " + batch.producerEpoch();
        }
        return problem == null ? null : new AppendDecision.Refuse(Refusal.INVALID_RECORD, problem);
    }

    private @Nullable ProducerState producer(long producerId) {
        ProducerState drafted = producers.get(producerId);
        return drafted != null ? drafted : log.producers().find(producerId, context.timeMillis());
    }

    private AppendDecision.@Nullable Refuse outOfOrder(ProducerState known, RecordBatch batch) {
        String producer = "producer " + batch.producerId() + " at offset " + nextOffset + " in partition " + log.id();
        if (batch.producerEpoch() < known.epoch()) {
            return new AppendDecision.Refuse(
                    Refusal.INVALID_PRODUCER_EPOCH,
                    "Epoch of " + producer + " is " + batch.producerEpoch()
                            + ", which is smaller than the last seen epoch " + known.epoch());
        }
        if (batch.producerEpoch() > known.epoch()) {
            return batch.baseSequence() == 0
                    ? null
                    : new AppendDecision.Refuse(
                            Refusal.OUT_OF_ORDER_SEQUENCE,
                            "Invalid sequence number for new epoch of " + producer + ": " + batch.producerEpoch()
                                    + " (request epoch), " + batch.baseSequence() + " (seq. number), " + known.epoch()
                                    + " (current producer epoch)");
        }
        int last = known.lastSequence();
        int expected = last == Integer.MAX_VALUE ? 0 : last + 1;
        return batch.baseSequence() == expected
                ? null
                : new AppendDecision.Refuse(
                        Refusal.OUT_OF_ORDER_SEQUENCE,
                        "Out of order sequence number for " + producer + ": " + batch.baseSequence()
                                + " (incoming seq. number), " + last + " (current end sequence number)");
    }

    private AppendDecision.Accept accept(AppendRules rules, RecordBatch batch) {
        PartitionId id = log.id();
        long appendTimeMillis = rules.isLogAppendTime() ? context.timeMillis() : -1;
        Entry.BatchAppended entry =
                new Entry.BatchAppended(id, batch, nextOffset, context.ownerEpoch(), appendTimeMillis);
        nextOffset += batch.recordCount();
        return new AppendDecision.Accept(entry);
    }
}
