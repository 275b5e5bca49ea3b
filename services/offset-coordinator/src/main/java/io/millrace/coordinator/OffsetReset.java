package io.millrace.coordinator;

import io.millrace.api.http.StoreClient;
import io.millrace.coordinator.GroupViews.ResetRequest;
import io.millrace.coordinator.kafka.CommittedOffset;
import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.RecordBatches;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.runtime.rest.Problems;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Finds the offsets that a reset sets.
///
/// Threads: from any; never blocks.
/// Errors: a request that does not fit, and a store that does not answer, are the REST interface's problems.
final class OffsetReset {

    static final String SHIFT = "shift";

    private static final RecordBatches.Limit WHOLE_BATCH = new RecordBatches.Limit(Integer.MAX_VALUE, 256L << 20);

    private final StoreClient store;

    OffsetReset(StoreClient store) {
        this.store = store;
    }

    /// Where each of the partitions is to be set.
    ///
    /// @param committed where the group stands; needed for a shift alone
    Uni<List<CommittedOffset>> targets(ResetRequest request, Topic topic, List<CommittedOffset> committed) {
        List<Integer> partitions = partitions(request, topic);
        List<PartitionId> ids = partitions.stream()
                .map(partition -> new PartitionId(topic.id(), partition))
                .toList();
        Uni<List<Long>> offsets = switch (String.valueOf(request.to())) {
            case "earliest" -> found(earliest(ids));
            case "latest" -> found(latest(ids));
            case "offset" -> within(ids, Collections.nCopies(ids.size(), offset(request)));
            case SHIFT -> within(ids, shifted(request, topic, partitions, committed));
            case "timestamp" -> atTimestamp(ids, timestamp(request));
            default ->
                throw Problems.invalid(
                        "'to' must be one of earliest, latest, offset, timestamp, shift, not " + request.to() + ".");
        };
        return offsets.map(found -> IntStream.range(0, found.size())
                .mapToObj(i -> new CommittedOffset(topic.name(), partitions.get(i), found.get(i), ""))
                .toList());
    }

    private static List<Integer> partitions(ResetRequest request, Topic topic) {
        List<Integer> asked = request.partitions();
        if (asked == null) {
            return IntStream.range(0, topic.partitionCount()).boxed().toList();
        }
        for (Integer partition : asked) {
            if (partition == null || partition < 0 || partition >= topic.partitionCount()) {
                throw Problems.invalid("Topic " + topic.name() + " has partitions 0 to " + (topic.partitionCount() - 1)
                        + ", but not " + partition + ".");
            }
        }
        if (asked.isEmpty()) {
            throw Problems.invalid("'partitions' must name at least one partition, or be left out for all.");
        }
        return asked.stream().distinct().toList();
    }

    private static long offset(ResetRequest request) {
        Long offset = request.offset();
        if (offset == null || offset < 0) {
            throw Problems.invalid("With to=offset 'offset' must be 0 or more.");
        }
        return offset;
    }

    private static List<Long> shifted(
            ResetRequest request, Topic topic, List<Integer> partitions, List<CommittedOffset> committed) {
        Long shift = request.shiftBy();
        if (shift == null) {
            throw Problems.invalid("With to=shift 'shiftBy' must be a number of records.");
        }
        List<Long> shifted = new ArrayList<>();
        for (int partition : partitions) {
            long from = committed.stream()
                    .filter(offset -> offset.topic().equals(topic.name()) && offset.partition() == partition)
                    .mapToLong(CommittedOffset::offset)
                    .findFirst()
                    .orElseThrow(() -> Problems.invalid("The group has committed nothing for partition " + partition
                            + " of topic " + topic.name() + " that could be shifted."));
            shifted.add(from + shift);
        }
        return shifted;
    }

    private static long timestamp(ResetRequest request) {
        Long timestamp = request.timestamp();
        if (timestamp == null || timestamp < 0) {
            throw Problems.invalid("With to=timestamp 'timestamp' must be milliseconds since 1970.");
        }
        return timestamp;
    }

    private static List<OffsetQuery> earliest(List<PartitionId> ids) {
        return ids.stream().<OffsetQuery>map(OffsetQuery.Earliest::new).toList();
    }

    private static List<OffsetQuery> latest(List<PartitionId> ids) {
        return ids.stream()
                .<OffsetQuery>map(id -> new OffsetQuery.Latest(id, IsolationLevel.READ_UNCOMMITTED))
                .toList();
    }

    private Uni<List<Long>> found(List<OffsetQuery> queries) {
        return store.offsets(queries)
                .map(outcomes -> outcomes.stream().map(OffsetReset::offset).toList());
    }

    private Uni<List<Long>> within(List<PartitionId> ids, List<Long> offsets) {
        return Uni.combine()
                .all()
                .unis(found(earliest(ids)), found(latest(ids)))
                .asTuple()
                .map(bounds -> IntStream.range(0, ids.size())
                        .mapToObj(i -> within(
                                offsets.get(i),
                                bounds.getItem1().get(i),
                                bounds.getItem2().get(i)))
                        .toList());
    }

    private static long within(long offset, long earliest, long latest) {
        return Math.clamp(offset, earliest, Math.max(earliest, latest));
    }

    /// A partition without a record at or after the timestamp is set to its end, as Kafka's tool does.
    private Uni<List<Long>> atTimestamp(List<PartitionId> ids, long timestampMillis) {
        List<OffsetQuery> queries = ids.stream()
                .<OffsetQuery>map(id -> new OffsetQuery.AtTimestamp(id, timestampMillis))
                .toList();
        return Uni.combine()
                .all()
                .unis(store.offsets(queries), found(latest(ids)))
                .asTuple()
                // A batch may have to be decompressed: not on an event loop.
                .emitOn(Infrastructure.getDefaultExecutor())
                .map(answers -> {
                    List<Long> offsets = new ArrayList<>();
                    for (int i = 0; i < ids.size(); i++) {
                        long end = answers.getItem2().get(i);
                        offsets.add(offset(answers.getItem1().get(i), timestampMillis, end));
                    }
                    return List.copyOf(offsets);
                });
    }

    private static long offset(OffsetOutcome outcome, long timestampMillis, long end) {
        return switch (outcome) {
            case OffsetOutcome.NotFound _ -> end;
            case OffsetOutcome.InBatch inBatch -> search(inBatch, timestampMillis, end);
            case OffsetOutcome.Found _, OffsetOutcome.Refused _, OffsetOutcome.Unknown _ -> offset(outcome);
        };
    }

    private static long search(OffsetOutcome.InBatch found, long timestampMillis, long end) {
        return RecordBatches.read(found.batch(), RecordBatches.From.offset(found.fromOffset()), WHOLE_BATCH).stream()
                .filter(record -> record.timestampMillis() >= timestampMillis)
                .findFirst()
                .map(PlainRecord::offset)
                .orElse(end);
    }

    private static long offset(OffsetOutcome outcome) {
        return switch (outcome) {
            case OffsetOutcome.Found found -> found.offset();
            case OffsetOutcome.InBatch _ -> throw Problems.unavailable("wal-store answered with a batch.");
            case OffsetOutcome.NotFound _ -> throw Problems.unavailable("wal-store does not know the offset.");
            case OffsetOutcome.Refused refused -> throw Problems.refused(refused.refusal(), refused.message());
            case OffsetOutcome.Unknown unknown -> throw Problems.unavailable(unknown.message());
        };
    }
}
