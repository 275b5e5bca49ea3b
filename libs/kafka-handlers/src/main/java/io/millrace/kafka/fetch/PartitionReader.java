package io.millrace.kafka.fetch;

import io.millrace.api.http.ReadService;
import io.millrace.kafka.fetch.FetchPlan.Resolved;
import io.millrace.kafka.fetch.FetchPlan.Wanted;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.RecordsView;
import io.millrace.model.IsolationLevel;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchResponse;

/// Reads what a plan wants, all partitions in one range read.
///
/// The bytes go to the partitions in turn, from a random one on, so none is always the last. Offsets, epochs and
/// ends are judged by what the owner says with the records, never by what this node remembers.
///
/// Threads: any. Errors: each partition has its own.
final class PartitionReader {

    private static final int EPOCH_NOT_GIVEN = -1;

    private final ReadService source;
    private final DivergingEpochs divergingEpochs;
    private final RandomGenerator random;

    /// A reader of one source.
    ///
    /// @param random safe to share between threads
    PartitionReader(ReadService source, DivergingEpochs divergingEpochs, RandomGenerator random) {
        this.source = source;
        this.divergingEpochs = divergingEpochs;
        this.random = random;
    }

    /// One answer per wanted partition, in the plan's order.
    Uni<List<PartitionData>> read(FetchPlan plan, long totalBytesMax) {
        Turn turn = new Turn(plan, random);
        if (turn.requests.isEmpty()) {
            return Uni.createFrom().item(turn.answers);
        }
        return divergingEpochs
                .find(plan.partitions())
                .flatMap(diverging ->
                        source.read(turn.requests, totalBytesMax).map(outcomes -> turn.answered(outcomes, diverging)));
    }

    /// One read: which partitions are asked, and their places in the answer.
    private static final class Turn {

        private final FetchPlan plan;
        private final List<PartitionData> answers = new ArrayList<>();
        private final List<Integer> places = new ArrayList<>();
        private final List<ReadRequest> requests = new ArrayList<>();

        Turn(FetchPlan plan, RandomGenerator random) {
            this.plan = plan;
            int count = plan.partitions().size();
            for (Wanted wanted : plan.partitions()) {
                answers.add(withoutRead(wanted));
            }
            int first = count == 0 ? 0 : random.nextInt(count);
            for (int i = 0; i < count; i++) {
                int place = (first + i) % count;
                if (answers.get(place).errorCode() == Errors.NONE.code()) {
                    ask(place);
                }
            }
        }

        /// Errors that need no read; the others are filled in later.
        private static PartitionData withoutRead(Wanted wanted) {
            int index = wanted.partition().partition();
            return switch (wanted.resolved()) {
                case Resolved.Failed(Errors error) -> FetchResponse.partitionResponse(index, error);
                case Resolved.Known known ->
                    FetchResponse.partitionResponse(
                            index, wanted.partition().fetchOffset() < 0 ? Errors.OFFSET_OUT_OF_RANGE : Errors.NONE);
            };
        }

        private void ask(int place) {
            Wanted wanted = plan.partitions().get(place);
            if (wanted.resolved() instanceof Resolved.Known known) {
                int bytesMax = Math.max(0, wanted.partition().partitionMaxBytes());
                places.add(place);
                requests.add(new ReadRequest(known.id(), wanted.partition().fetchOffset(), bytesMax));
            }
        }

        List<PartitionData> answered(List<ReadOutcome> outcomes, List<Optional<EpochEndOffset>> diverging) {
            for (int i = 0; i < outcomes.size(); i++) {
                int place = places.get(i);
                Wanted wanted = plan.partitions().get(place);
                answers.set(place, answer(wanted, outcomes.get(i), diverging.get(place)));
            }
            return answers;
        }

        private PartitionData answer(Wanted wanted, ReadOutcome outcome, Optional<EpochEndOffset> diverging) {
            int index = wanted.partition().partition();
            return switch (outcome) {
                case ReadOutcome.Batches(List<RecordBatch> batches, Watermarks watermarks) -> {
                    Errors epochError = epochError(wanted, watermarks);
                    if (epochError != Errors.NONE) {
                        yield FetchResponse.partitionResponse(index, epochError);
                    }
                    PartitionData data = data(index, watermarks);
                    diverging.ifPresentOrElse(
                            data::setDivergingEpoch, () -> serve(wanted, data, visible(batches, watermarks)));
                    yield data;
                }
                case ReadOutcome.OutOfRange(Watermarks watermarks) -> {
                    Errors epochError = epochError(wanted, watermarks);
                    if (epochError != Errors.NONE || diverging.isEmpty()) {
                        yield FetchResponse.partitionResponse(
                                index, epochError != Errors.NONE ? epochError : Errors.OFFSET_OUT_OF_RANGE);
                    }
                    yield data(index, watermarks).setDivergingEpoch(diverging.get());
                }
                case ReadOutcome.Refused refused ->
                    FetchResponse.partitionResponse(index, KafkaErrors.ofRead(refused.refusal()));
                case ReadOutcome.Unknown unknown ->
                    FetchResponse.partitionResponse(index, KafkaErrors.ofFailedLookUp());
            };
        }

        /// KIP-320: a client that knows an older epoch than the owner must learn of the newer one first.
        private static Errors epochError(Wanted wanted, Watermarks watermarks) {
            int wantedEpoch = wanted.partition().currentLeaderEpoch();
            if (wantedEpoch == EPOCH_NOT_GIVEN || wantedEpoch == watermarks.leaderEpoch()) {
                return Errors.NONE;
            }
            return wantedEpoch < watermarks.leaderEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH;
        }

        private PartitionData data(int index, Watermarks watermarks) {
            boolean isCommitted = plan.isolationLevel() == IsolationLevel.READ_COMMITTED;
            return new PartitionData()
                    .setPartitionIndex(index)
                    .setHighWatermark(watermarks.highWatermark())
                    .setLastStableOffset(watermarks.lastStableOffset())
                    .setLogStartOffset(watermarks.logStartOffset())
                    .setAbortedTransactions(isCommitted ? List.of() : null)
                    // librdkafka cannot parse an answer whose records are null.
                    .setRecords(MemoryRecords.EMPTY);
        }

        private static void serve(Wanted wanted, PartitionData data, List<RecordBatch> batches) {
            if (wanted.resolved() instanceof Resolved.Known known) {
                known.redirect().ifPresent(data::setPreferredReadReplica);
            }
            if (!batches.isEmpty()) {
                data.setRecords(new RecordsView(batches));
            }
        }

        private List<RecordBatch> visible(List<RecordBatch> batches, Watermarks watermarks) {
            return plan.isolationLevel() == IsolationLevel.READ_COMMITTED
                    ? stable(batches, watermarks.lastStableOffset())
                    : batches;
        }

        /// An open transaction's first batch starts at the last stable offset, so no batch lies on both sides of
        /// it.
        private static List<RecordBatch> stable(List<RecordBatch> batches, long lastStableOffset) {
            return batches.stream()
                    .takeWhile(batch -> batch.baseOffset() < lastStableOffset)
                    .toList();
        }
    }
}
