package io.millrace.simulation;

import static io.millrace.testkit.TestData.batch;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.Command.Mode;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.testkit.StoreRig;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Random requests to a store, whose answers go to the model.
///
/// Threads: one. The seed decides everything.
final class RandomLoad {

    private static final int TOPIC_COUNT_MAX = 5;

    private final RandomGenerator random;
    private final ShardModel model;
    private final StoreRig rig;
    private final int valueBytesMax;
    private final List<Runnable> pending = new ArrayList<>();
    /// One idempotent producer for each partition: the next sequence, and its last batch with its offset.
    private final Map<PartitionId, Producer> producers = new HashMap<>();

    private final int upkeepWeight;
    private int serial;

    private static final class Producer {

        private final long id;
        private int nextSequence;
        private @Nullable RecordBatch last;
        private long lastOffset;

        Producer(long id) {
            this.id = id;
        }
    }

    /// @param upkeepWeight how many more steps of the upkeep thread there are, of a thousand
    /// @param valueBytesMax so that no batch is too large: the model expects that a batch which the log refuses is
    /// answered before later ones are written
    record Mix(int upkeepWeight, int valueBytesMax) {}

    RandomLoad(RandomGenerator random, ShardModel model, StoreRig rig, Mix mix) {
        this.upkeepWeight = mix.upkeepWeight();
        this.random = random;
        this.model = model;
        this.rig = rig;
        this.valueBytesMax = mix.valueBytesMax();
    }

    /// After a crash: what was not answered stays with the model, and producers start anew, as clients do that gave
    /// up.
    void forgetUnanswered() {
        pending.clear();
        producers.clear();
    }

    void step() throws IOException {
        rig.clock().advance(Duration.ofMillis(random.nextInt(20)));
        List<Topic> topics = model.topics();
        int dice = random.nextInt(1_000);
        if (topics.isEmpty() || (dice < 8 && topics.size() < TOPIC_COUNT_MAX)) {
            createTopic();
        } else if (dice < 14) {
            deleteTopic(topics);
        } else if (dice < 20) {
            allocateProducerIds();
        } else if (dice < 40) {
            deleteRecords(anyPartition(topics));
        } else if (dice < 60 + upkeepWeight) {
            rig.store().upkeep();
        } else if (dice < 75 + upkeepWeight) {
            read(anyPartition(topics));
        } else if (dice < 300) {
            commit();
        } else if (dice < 600) {
            appendIdempotent(anyPartition(topics));
        } else {
            append(anyPartition(topics));
        }
    }

    private PartitionId anyPartition(List<Topic> topics) {
        Topic topic = topics.get(random.nextInt(topics.size()));
        return new PartitionId(topic.id(), random.nextInt(topic.partitionCount()));
    }

    void commit() {
        rig.store().commitIfDue();
        List<Runnable> answered = List.copyOf(pending);
        answered.forEach(Runnable::run);
    }

    /// Runs the reaction once the answer is there.
    private <T> void whenAnswered(CompletableFuture<T> answer, Consumer<T> reaction) {
        Runnable[] self = new Runnable[1];
        self[0] = () -> {
            if (answer.isDone()) {
                pending.remove(self[0]);
                reaction.accept(answer.join());
            }
        };
        pending.add(self[0]);
    }

    private void createTopic() {
        // One at a time, so that the model knows which one is unanswered.
        drain();
        model.sendCreation();
        String name = "topic-" + serial++;
        Command.CreateTopic command = new Command.CreateTopic(name, 1 + random.nextInt(3), -1, Map.of(), Mode.EXECUTE);
        whenAnswered(rig.store().execute(command), outcome -> {
            if (outcome instanceof CommandOutcome.TopicStored(Topic topic)) {
                model.store(topic);
            }
        });
        commit();
    }

    private void drain() {
        while (!pending.isEmpty()) {
            commit();
        }
    }

    private void deleteTopic(List<Topic> topics) {
        drain();
        Topic topic = topics.get(random.nextInt(topics.size()));
        model.sendDeletion(topic.id());
        whenAnswered(rig.store().execute(new Command.DeleteTopic(topic.id())), outcome -> {
            if (outcome instanceof CommandOutcome.TopicDeleted) {
                model.delete(topic.id());
            }
        });
        commit();
        rig.store().upkeep();
    }

    private void allocateProducerIds() {
        whenAnswered(rig.store().execute(new Command.AllocateProducerIds(10)), outcome -> {
            if (outcome instanceof CommandOutcome.ProducerIds(long firstId, int count)) {
                model.giveProducerIds(firstId, count);
            }
        });
    }

    /// Deletes all records, so that segments can be freed.
    void deleteAllRecords() {
        drain();
        for (Topic topic : model.topics()) {
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionId partition = new PartitionId(topic.id(), i);
                deleteRecords(partition, model.partition(partition).endOffset());
            }
        }
    }

    private void deleteRecords(PartitionId partition) {
        drain();
        PartitionModel known = model.partition(partition);
        deleteRecords(
                partition, known.logStartOffset() + random.nextLong(known.endOffset() - known.logStartOffset() + 1));
    }

    private void deleteRecords(PartitionId partition, long offset) {
        PartitionModel known = model.partition(partition);
        known.wantLogStart(offset);
        whenAnswered(rig.store().execute(new Command.DeleteRecords(partition, offset)), outcome -> {
            if (outcome instanceof CommandOutcome.RecordsDeleted(long start)) {
                known.moveLogStart(start);
            }
        });
        commit();
    }

    /// Where it is, in a segment or in a sealed file, makes no difference.
    private void read(PartitionId partition) throws IOException {
        PartitionModel known = model.partition(partition);
        if (known.logStartOffset() < known.endOffset()) {
            long offset = random.nextLong(known.logStartOffset(), known.endOffset());
            model.compareAt(rig, partition, offset);
        }
    }

    private void append(PartitionId partition) {
        PartitionModel known = model.partition(partition);
        RecordBatch sent = batch().withRecord(serial++, value()).build();
        known.send(sent);
        whenAnswered(rig.session().append(partition, sent), outcome -> react(known, sent, outcome));
    }

    private String value() {
        int size = random.nextInt(100) < 3 ? random.nextInt(valueBytesMax) : random.nextInt(3_000);
        return (serial + "-").repeat(1 + size / 6) + "\0".repeat(random.nextInt(2_000));
    }

    private void react(PartitionModel known, RecordBatch sent, AppendOutcome outcome) {
        switch (outcome) {
            case AppendOutcome.Appended appended -> known.acknowledge(sent, appended.baseOffset());
            case AppendOutcome.Refused _ -> known.refuse(sent);
            case AppendOutcome.Duplicate _ -> throw new AssertionError("a batch that was sent once is a duplicate");
            case AppendOutcome.Unknown _ -> {
                // Stays unanswered.
            }
        }
    }

    /// Sends the next batch of the partition's producer, or its last one again.
    private void appendIdempotent(PartitionId partition) {
        PartitionModel known = model.partition(partition);
        Producer producer = producers.computeIfAbsent(partition, _ -> new Producer(1_000 + serial++));
        RecordBatch last = producer.last;
        if (last != null && random.nextInt(3) == 0) {
            retry(partition, last, producer.lastOffset);
            return;
        }
        int records = 1 + random.nextInt(3);
        RecordBatch sent = batch().fromProducer(producer.id)
                .withSequence(producer.nextSequence)
                .withRecords(records)
                .withRecord(serial++, value())
                .build();
        producer.nextSequence += records + 1;
        known.send(sent);
        whenAnswered(rig.session().append(partition, sent), outcome -> {
            react(known, sent, outcome);
            if (outcome instanceof AppendOutcome.Appended appended) {
                producer.last = sent;
                producer.lastOffset = appended.baseOffset();
            } else {
                producers.remove(partition);
            }
        });
        commit();
    }

    private void retry(PartitionId partition, RecordBatch last, long expected) {
        whenAnswered(rig.session().append(partition, last), outcome -> {
            boolean isRight = switch (outcome) {
                case AppendOutcome.Duplicate duplicate -> duplicate.baseOffset() == expected;
                case AppendOutcome.Refused _, AppendOutcome.Unknown _ -> true;
                case AppendOutcome.Appended _ -> false;
            };
            if (!isRight) {
                throw new AssertionError("a retry was answered with " + outcome);
            }
        });
    }
}
