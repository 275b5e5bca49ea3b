package io.millrace.fetch;

import io.millrace.api.CallFailedException;
import io.millrace.api.http.ReadService;
import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.RecordBatches;
import io.millrace.kafka.wire.RecordBatches.From;
import io.millrace.kafka.wire.RecordBatches.InvalidBatchException;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.Watermarks;
import io.millrace.runtime.rest.Problems;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads a page of a partition's records for people and scripts; keeps nothing from page to page.
///
/// Threads: any. Errors: problems, as [Problems] makes them.
final class PartitionRecords {

    private final Function<String, Uni<Optional<Topic>>> topics;
    private final ReadService source;
    private final Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets;
    private final int bytesMax;

    /// @param bytesMax content bytes in a page, and bytes asked for in one read
    PartitionRecords(
            Function<String, Uni<Optional<Topic>>> topics,
            ReadService source,
            Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets,
            int bytesMax) {
        this.topics = topics;
        this.source = source;
        this.offsets = offsets;
        this.bytesMax = bytesMax;
    }

    /// Some records in order.
    ///
    /// @param nextOffset where the next page begins
    record Page(List<PlainRecord> records, long nextOffset, Watermarks watermarks) {}

    /// A page from there on.
    Uni<Page> page(String topic, int partition, ReadFrom from, int recordsMax) {
        return partition(topic, partition).flatMap(id -> start(id, from).flatMap(start -> read(id, start, recordsMax)));
    }

    /// The partition, where it exists.
    Uni<PartitionId> partition(String name, int partition) {
        return topics.apply(name)
                .onFailure(CallFailedException.class)
                .transform(failure -> Problems.unavailable("wal-store did not say whether the topic exists."))
                .map(found -> found.orElseThrow(
                        () -> Problems.refused(Refusal.UNKNOWN_TOPIC, "There is no topic " + name + ".")))
                .map(topic -> new PartitionId(topic.id(), partition));
    }

    /// The first record wanted.
    Uni<From> start(PartitionId id, ReadFrom from) {
        OffsetQuery.Earliest earliest = new OffsetQuery.Earliest(id);
        OffsetQuery.Latest latest = new OffsetQuery.Latest(id, IsolationLevel.READ_UNCOMMITTED);
        return switch (from) {
            case ReadFrom.Offset(long offset) -> Uni.createFrom().item(From.offset(offset));
            case ReadFrom.Beginning() ->
                offsets.apply(List.of(earliest)).map(found -> From.offset(offset(found.getFirst())));
            case ReadFrom.End() -> offsets.apply(List.of(latest)).map(found -> From.offset(offset(found.getFirst())));
            case ReadFrom.Last(long count) ->
                offsets.apply(List.of(earliest, latest))
                        .map(found -> From.offset(Math.max(offset(found.getFirst()), offset(found.getLast()) - count)));
            case ReadFrom.Timestamp(long millis) ->
                offsets.apply(List.of(new OffsetQuery.AtTimestamp(id, millis), latest))
                        .map(found -> atTimestamp(found.getFirst(), found.getLast(), millis));
        };
    }

    private static From atTimestamp(OffsetOutcome found, OffsetOutcome latest, long timestampMillis) {
        return found instanceof OffsetOutcome.NotFound
                ? From.offset(offset(latest))
                : new From(offset(found), timestampMillis);
    }

    private static long offset(OffsetOutcome outcome) {
        return switch (outcome) {
            case OffsetOutcome.Found found -> found.offset();
            case OffsetOutcome.InBatch inBatch -> inBatch.fromOffset();
            case OffsetOutcome.NotFound() -> 0;
            case OffsetOutcome.Refused(Refusal refusal, String message) -> throw Problems.refused(refusal, message);
            case OffsetOutcome.Unknown(String message) -> throw Problems.unavailable(message);
        };
    }

    Uni<Page> read(PartitionId id, From start, int recordsMax) {
        return source.read(List.of(new ReadRequest(id, start.offset(), bytesMax)), bytesMax)
                // Batches are decompressed here.
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(outcomes -> page(outcomes.getFirst(), start, recordsMax));
    }

    private Page page(ReadOutcome outcome, From start, int recordsMax) {
        return switch (outcome) {
            case ReadOutcome.Batches(List<RecordBatch> batches, Watermarks watermarks) ->
                page(batches, watermarks, start, recordsMax);
            case ReadOutcome.OutOfRange(Watermarks watermarks) ->
                throw Problems.refused(
                        Refusal.OFFSET_OUT_OF_RANGE,
                        "Offset " + start.offset() + " is not between " + watermarks.logStartOffset() + " and "
                                + watermarks.highWatermark() + ".");
            case ReadOutcome.Refused(Refusal refusal, String message) -> throw Problems.refused(refusal, message);
            case ReadOutcome.Unknown(String message) -> throw Problems.unavailable(message);
        };
    }

    private Page page(List<RecordBatch> batches, Watermarks watermarks, From start, int recordsMax) {
        List<PlainRecord> records = new ArrayList<>();
        long bytesLeft = bytesMax;
        long next = start.offset();
        for (RecordBatch batch : batches) {
            if (records.size() == recordsMax || bytesLeft <= 0) {
                break;
            }
            if (batch.isControl()) {
                next = batch.endOffset();
                continue;
            }
            RecordBatches.Limit limit = new RecordBatches.Limit(recordsMax - records.size(), bytesLeft);
            List<PlainRecord> found = records(batch, records.isEmpty() ? start : From.offset(start.offset()), limit);
            for (PlainRecord record : found) {
                bytesLeft -= record.contentBytes();
            }
            records.addAll(found);
            boolean isCutShort = records.size() == recordsMax || bytesLeft <= 0;
            next = isCutShort && !found.isEmpty() ? found.getLast().offset() + 1 : batch.endOffset();
        }
        return new Page(records, next, watermarks);
    }

    private static List<PlainRecord> records(RecordBatch batch, From start, RecordBatches.Limit limit) {
        try {
            return RecordBatches.read(batch, start, limit);
        } catch (InvalidBatchException e) {
            throw Problems.refused(Refusal.CORRUPT_BATCH, String.valueOf(e.getMessage()));
        }
    }
}
