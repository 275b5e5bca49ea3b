package io.millrace.ingest.kafka;

import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.RecordBatches;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Utils;

/// Produces records that did not come as Kafka's batches: picks the partition as Kafka's producers do, makes
/// batches, and has them checked and appended like all others.
///
/// Threads: any that may block for the time of a checksum. Source: Kafka's `BuiltInPartitioner`.
public final class RecordProducer {

    /// What a record in a batch has besides its content, at most.
    private static final int RECORD_OVERHEAD_BYTES = 40;

    private static final int NO_COMPRESSION = 0;

    private final BatchValidator validator;
    private final ProduceHandler.Store store;
    private final Executor workers;

    /// The partition of the next request's records without a key; they stay together, as a producer's do.
    private final AtomicInteger nextPartition = new AtomicInteger();

    /// @param workers where batches are made after a wait for the stream, which ends on its event loop
    public RecordProducer(BatchValidator validator, ProduceHandler.Store store, Executor workers) {
        this.validator = validator;
        this.store = store;
        this.workers = workers;
    }

    /// A record before it has a place.
    ///
    /// @param partition if the client picked one
    public record Draft(PlainRecord record, OptionalInt partition) {}

    /// What became of one record.
    ///
    /// @param index of the record in its batch, whose outcome this is
    public record Placed(int partition, int index, AppendOutcome outcome) {}

    /// One place for each draft, in the same order.
    ///
    /// @throws IllegalArgumentException if a draft names a partition that the topic does not have
    public Uni<List<Placed>> produce(Topic topic, List<Draft> drafts) {
        List<Group> groups = groups(topic, drafts);
        return store.writable().get().emitOn(workers).chain(() -> {
            List<Uni<AppendOutcome>> outcomes =
                    groups.stream().map(group -> append(topic, group)).toList();
            return Uni.join().all(outcomes).andCollectFailures().map(all -> places(drafts.size(), groups, all));
        });
    }

    /// Records that go to one partition in one batch.
    ///
    /// @param places where each came in the request
    private record Group(int partition, List<PlainRecord> records, List<Integer> places) {
        Group(int partition) {
            this(partition, new ArrayList<>(), new ArrayList<>());
        }
    }

    private List<Group> groups(Topic topic, List<Draft> drafts) {
        int bytesMax = TopicRules.of(topic).maxMessageBytes() - RecordBatch.HEADER_BYTES;
        int keyless = Math.floorMod(nextPartition.getAndIncrement(), topic.partitionCount());
        Map<Integer, Group> open = new TreeMap<>();
        Map<Integer, Integer> bytes = new TreeMap<>();
        List<Group> groups = new ArrayList<>();
        for (int place = 0; place < drafts.size(); place++) {
            Draft draft = drafts.get(place);
            int partition = partition(draft, topic, keyless);
            int size = draft.record().contentBytes() + RECORD_OVERHEAD_BYTES;
            Group group = open.get(partition);
            if (group == null || bytes.getOrDefault(partition, 0) + size > bytesMax) {
                group = new Group(partition);
                open.put(partition, group);
                bytes.put(partition, 0);
                groups.add(group);
            }
            group.records().add(draft.record());
            group.places().add(place);
            bytes.merge(partition, size, Integer::sum);
        }
        return groups;
    }

    private static int partition(Draft draft, Topic topic, int keyless) {
        if (draft.partition().isPresent()) {
            int partition = draft.partition().getAsInt();
            if (partition < 0 || partition >= topic.partitionCount()) {
                throw new IllegalArgumentException("Topic " + topic.name() + " has no partition " + partition + ".");
            }
            return partition;
        }
        return draft.record()
                .key()
                .map(key -> Utils.toPositive(Utils.murmur2(bytes(key))) % topic.partitionCount())
                .orElse(keyless);
    }

    private Uni<AppendOutcome> append(Topic topic, Group group) {
        RecordBatch batch = RecordBatches.build(group.records(), NO_COMPRESSION);
        return switch (validator.validate(batch, group.partition(), TopicRules.of(topic))) {
            case Validation.Valid(RecordBatch valid) ->
                store.append().apply(new PartitionId(topic.id(), group.partition()), valid);
            case Validation.Rejected rejected ->
                Uni.createFrom().item(new AppendOutcome.Refused(rejected.refusal(), rejected.message()));
        };
    }

    private static List<Placed> places(int count, List<Group> groups, List<AppendOutcome> outcomes) {
        Placed[] places = new Placed[count];
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            for (int index = 0; index < group.places().size(); index++) {
                places[group.places().get(index)] = new Placed(group.partition(), index, outcomes.get(i));
            }
        }
        return List.of(places);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
