package io.millrace.partition;

import static io.millrace.testkit.TestData.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// A state is taken down in slices while entries go on changing it. What was taken and what lies behind it in the log
/// together make the very state that the log made.
final class StateCaptureSimulation {

    private static final long FIRST_SEED = 20_261_126;
    private static final int SEED_COUNT = 300;
    private static final int ROUNDS = 120;

    @Test
    void aStateThatWasTakenInSlicesBecomesTheOneThatTheLogMade() throws IOException {
        System.out.println("StateCaptureSimulation seed " + FIRST_SEED + " to " + (FIRST_SEED + SEED_COUNT - 1));
        int slices = 0;
        int changedMeanwhile = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEED_COUNT; seed++) {
            Run run = new Run(seed);
            run.work();
            slices += run.slices;
            changedMeanwhile += run.topicsChangedMeanwhile;
        }

        assertThat(slices).isGreaterThan(10 * SEED_COUNT);
        assertThat(changedMeanwhile).isGreaterThan(SEED_COUNT);
    }

    private record Logged(int type, ByteBuffer body, ShardState.EntryPlace place) {}

    private static final class Run {

        private final long seed;
        private final RandomGenerator random;
        private final ShardState state = newState();
        private final List<Logged> log = new ArrayList<>();
        private final Map<TopicId, Topic> topics = new TreeMap<>();
        private final Map<PartitionId, Long> endOffsets = new TreeMap<>();
        private final Map<PartitionId, Integer> nextSequences = new TreeMap<>();
        private long position;
        private long millis = 1_000;
        private int serial;
        private int slices;
        private int topicsChangedMeanwhile;

        Run(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
        }

        private static ShardState newState() {
            SpaceLedger space = new SpaceLedger();
            space.open(0);
            return new ShardState("cluster", Long.MAX_VALUE, space);
        }

        void work() throws IOException {
            round(new Entry.OwnerStarted(1));
            for (int i = 0; i < ROUNDS; i++) {
                round();
                if (random.nextInt(20) == 0) {
                    CapturedState captured = capture();
                    for (int more = random.nextInt(10); more > 0; more--) {
                        round();
                    }
                    compareWithReplay(captured);
                }
            }
        }

        private CapturedState capture() throws IOException {
            StateCapture capture = new StateCapture(state, 1 + random.nextInt(3));
            while (true) {
                Optional<CapturedState> captured = capture.step(position);
                slices++;
                if (captured.isPresent()) {
                    return decoded(encoded(captured.get()));
                }
                long version = state.catalog().version();
                for (int more = random.nextInt(4); more > 0; more--) {
                    round();
                }
                topicsChangedMeanwhile += state.catalog().version() > version ? 1 : 0;
            }
        }

        private void compareWithReplay(CapturedState captured) throws IOException {
            ShardState replayed = newState();
            replayed.restore(captured);
            NavigableMap<Long, List<PartitionId>> unchecked = captured.slices();
            for (Logged entry : log) {
                long at = entry.place().position();
                while (!unchecked.isEmpty() && unchecked.firstKey() <= at) {
                    assertNothingIsMissing(captured, unchecked.pollFirstEntry().getValue(), replayed);
                }
                if (captured.has(entry.type(), entry.body(), at)) {
                    replayed.place(entry.type(), entry.body().duplicate(), entry.place());
                } else {
                    replayed.apply(entry.type(), entry.body().duplicate(), entry.place());
                }
            }
            replayed.publish(millis);

            assertThat(wholeState(replayed)).as("seed %d", seed).isEqualTo(wholeState(state));
        }

        private void assertNothingIsMissing(CapturedState captured, List<PartitionId> slice, ShardState replayed) {
            for (PartitionId partitionId : slice) {
                assertThat(captured.missing(partitionId, replayed))
                        .as("seed %d", seed)
                        .isEmpty();
            }
        }

        private List<ByteBuffer> wholeState(ShardState of) throws IOException {
            return encoded(
                    new StateCapture(of, Integer.MAX_VALUE).step(position).orElseThrow());
        }

        private static List<ByteBuffer> encoded(CapturedState captured) throws IOException {
            List<ByteBuffer> records = new ArrayList<>();
            StateCodec.encode(captured, records::add);
            return records;
        }

        private static CapturedState decoded(List<ByteBuffer> records) throws IOException {
            Iterator<ByteBuffer> rest = records.iterator();
            return StateCodec.decode(rest::next);
        }

        private void round() {
            millis += random.nextInt(3_000);
            List<Entry> entries = new ArrayList<>();
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                entries.add(anyEntry());
            }
            round(entries.toArray(Entry[]::new));
        }

        private void round(Entry... entries) {
            position += 4_096;
            for (Entry entry : entries) {
                int size = EntryCodec.bytes(entry);
                ByteBuffer body = ByteBuffer.allocate(size);
                EntryCodec.encode(entry, body);
                Logged logged = new Logged(
                        EntryCodec.type(entry), body.flip(), new ShardState.EntryPlace(position, size, millis));
                log.add(logged);
                state.apply(logged.type(), logged.body().duplicate(), logged.place());
                position += size;
            }
            state.publish(millis);
        }

        private Entry anyEntry() {
            int dice = random.nextInt(100);
            if (topics.isEmpty() || dice < 6) {
                return stored(new Topic(new TopicId(seed, serial), "t" + serial++, 1 + random.nextInt(4), Map.of()));
            }
            Topic topic = List.copyOf(topics.values()).get(random.nextInt(topics.size()));
            PartitionId partition = new PartitionId(topic.id(), random.nextInt(topic.partitionCount()));
            if (dice < 9) {
                return stored(new Topic(topic.id(), topic.name(), topic.partitionCount() + 1, Map.of()));
            } else if (dice < 13) {
                topics.remove(topic.id());
                endOffsets.keySet().removeIf(id -> id.topicId().equals(topic.id()));
                return new Entry.TopicDeleted(topic.id());
            } else if (dice < 16) {
                return new Entry.ProducerIdsGiven(1_000L * serial++, 1_000);
            } else if (dice < 24) {
                long end = endOffsets.getOrDefault(partition, 0L);
                return new Entry.LogStartMoved(partition, random.nextLong(end + 1));
            }
            return appended(partition);
        }

        private Entry stored(Topic topic) {
            topics.put(topic.id(), topic);
            return new Entry.TopicStored(topic);
        }

        private Entry appended(PartitionId partition) {
            long offset = endOffsets.getOrDefault(partition, 0L);
            int sequence = nextSequences.merge(partition, 1, Integer::sum);
            RecordBatch sent = batch().fromProducer(random.nextInt(6))
                    .withSequence(sequence)
                    .withValueBytes(1 + random.nextInt(8_000))
                    .build();
            endOffsets.put(partition, offset + sent.recordCount());
            return new Entry.BatchAppended(partition, sent, offset, 1, -1);
        }
    }
}
