package io.millrace.walstore.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compaction.BatchCleaner.TimedRecord;
import io.millrace.compaction.OffsetMap;
import io.millrace.compaction.Survivors;
import io.millrace.compaction.Survivors.Kept;
import io.millrace.compaction.Survivors.TombstoneTimes;
import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class KafkaBatchCleanerTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long DAY = 86_400_000;

    private final KafkaBatchCleaner cleaner = new KafkaBatchCleaner();
    private final OffsetMap map = new OffsetMap(100_000);

    private static SimpleRecord record(@Nullable String key, @Nullable String value) {
        return new SimpleRecord(NOW, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static RecordBatch batch(CompressionType type, SimpleRecord... records) {
        MemoryRecords built =
                MemoryRecords.withIdempotentRecords(100, Compression.of(type).build(), 7, (short) 1, 40, 3, records);
        return RecordBatch.view(built.buffer());
    }

    private Survivors survivors(long mapEndOffset, long nowMillis, Long... lastBatches) {
        return new Survivors(
                map, mapEndOffset, new Kept(Set.of(lastBatches), 1_000), new TombstoneTimes(nowMillis, DAY));
    }

    private RecordBatch learned(RecordBatch batch) {
        cleaner.readKeys(batch, (offset, key) -> map.put(key, offset));
        return batch;
    }

    private static List<String> values(RecordBatch batch) {
        List<String> values = new ArrayList<>();
        for (MutableRecordBatch kafkaBatch :
                MemoryRecords.readableRecords(batch.buffer()).batches()) {
            for (Record record : kafkaBatch) {
                ByteBuffer value = record.value();
                values.add(record.offset() + "=" + (value == null ? null : StandardCharsets.UTF_8.decode(value)));
            }
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void theLastRecordOfEachKeyStaysAtItsOffset(CompressionType type) {
        RecordBatch batch =
                learned(batch(type, record("a", "1"), record("b", "2"), record("a", "3"), record("c", "4")));
        map.put(ByteBuffer.wrap("c".getBytes(StandardCharsets.UTF_8)), 200);

        RecordBatch cleaned = cleaner.clean(batch, survivors(300, NOW)).orElseThrow();

        assertThat(values(cleaned)).containsExactly("101=2", "102=3");
        assertThat(cleaned.baseOffset()).isEqualTo(100);
        assertThat(cleaned.lastOffset()).isEqualTo(103);
        assertThat(cleaned.lastSequence()).isEqualTo(batch.lastSequence());
        assertThat(cleaned.producerId()).isEqualTo(7);
        assertThat(cleaned.leaderEpoch()).isEqualTo(3);
        assertThat(cleaned.compressionCode()).isEqualTo(batch.compressionCode());
        assertThat(cleaned.hasValidChecksum()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aRecordIsFoundByOffsetAndTimestamp(CompressionType type) {
        RecordBatch batch = batch(
                type,
                new SimpleRecord(NOW + 9, bytes("a")),
                new SimpleRecord(NOW, bytes("b")),
                new SimpleRecord(NOW + 5, bytes("c")));

        assertThat(cleaner.find(batch, new TimedRecord(100, NOW + 4))).contains(new TimedRecord(100, NOW + 9));
        assertThat(cleaner.find(batch, new TimedRecord(101, NOW + 4))).contains(new TimedRecord(102, NOW + 5));
        assertThat(cleaner.find(batch, new TimedRecord(101, NOW + 6))).isEmpty();
    }

    @Test
    void aBatchOfWhichEverythingStaysIsTheSame() {
        RecordBatch batch = learned(batch(CompressionType.GZIP, record("a", "1"), record("b", "2")));

        assertThat(cleaner.clean(batch, survivors(300, NOW))).containsSame(batch);
    }

    @Test
    void whatTheMapDoesNotCoverAndTheLastOffsetStay() {
        RecordBatch batch = batch(CompressionType.NONE, record("a", "1"));
        map.put(ByteBuffer.wrap("a".getBytes(StandardCharsets.UTF_8)), 200);
        Survivors atTheEnd =
                new Survivors(map, 300, new Kept(Set.of(), batch.endOffset()), new TombstoneTimes(NOW, DAY));

        assertThat(cleaner.clean(batch, survivors(100, NOW))).containsSame(batch);
        assertThat(cleaner.clean(batch, atTheEnd).orElseThrow().endOffset()).isEqualTo(batch.endOffset());
        assertThat(cleaner.clean(batch, survivors(300, NOW))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aBatchThatTheMapCoversInPartIsCleanedUpToThereAndItsTombstonesStay(CompressionType type) {
        RecordBatch batch = batch(type, record("a", "1"), record("a", null), record("b", null), record("b", "2"));
        map.put(ByteBuffer.wrap("a".getBytes(StandardCharsets.UTF_8)), 101);

        RecordBatch first = cleaner.clean(batch, survivors(102, NOW)).orElseThrow();
        map.put(ByteBuffer.wrap("b".getBytes(StandardCharsets.UTF_8)), 103);
        RecordBatch second = cleaner.clean(first, survivors(104, NOW + 2 * DAY)).orElseThrow();

        assertThat(values(first)).containsExactly("101=null", "102=null", "103=2");
        assertThat(first.deleteHorizonMillis()).isEmpty();
        assertThat(values(second)).containsExactly("101=null", "103=2");
        assertThat(second.deleteHorizonMillis()).hasValue(NOW + 3 * DAY);
    }

    @Test
    void aTombstoneThatTheMapDoesNotCoverStaysThoughItsTimeIsOver() {
        RecordBatch seen = cleaner.clean(
                        batch(CompressionType.NONE, record("a", null), record("b", null)), survivors(300, NOW))
                .orElseThrow();

        assertThat(values(cleaner.clean(seen, survivors(101, NOW + DAY)).orElseThrow()))
                .containsExactly("101=null");
    }

    @Test
    void aTombstoneGetsItsTimeAtTheFirstPassAndVanishesWhenThatIsOver() {
        RecordBatch batch = learned(batch(CompressionType.ZSTD, record("a", "1"), record("a", null)));

        RecordBatch first = cleaner.clean(batch, survivors(300, NOW)).orElseThrow();
        RecordBatch second = cleaner.clean(first, survivors(300, NOW + DAY - 1)).orElseThrow();

        assertThat(values(first)).containsExactly("101=null");
        assertThat(first.deleteHorizonMillis()).hasValue(NOW + DAY);
        assertThat(second).isSameAs(first);
        assertThat(cleaner.clean(first, survivors(300, NOW + DAY))).isEmpty();
    }

    @Test
    void theLastBatchOfAProducerStaysWithoutRecords() {
        RecordBatch batch = batch(CompressionType.LZ4, record("a", "1"));
        map.put(ByteBuffer.wrap("a".getBytes(StandardCharsets.UTF_8)), 200);

        RecordBatch empty = cleaner.clean(batch, survivors(300, NOW, 100L)).orElseThrow();

        assertThat(empty.recordCount()).isZero();
        assertThat(empty.lastOffset()).isEqualTo(100);
        assertThat(empty.lastSequence()).isEqualTo(40);
        assertThat(cleaner.clean(empty, survivors(300, NOW, 100L))).containsSame(empty);
        assertThat(cleaner.clean(empty, survivors(300, NOW))).isEmpty();
    }

    @Test
    void aRecordWithoutAKeyGoes() {
        RecordBatch batch = learned(batch(CompressionType.NONE, record(null, "1"), record("a", "2")));

        assertThat(values(cleaner.clean(batch, survivors(300, NOW)).orElseThrow()))
                .containsExactly("101=2");
    }

    @Test
    void aBatchThatCannotBeReadStaysAsItIs() {
        ByteBuffer bytes = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + 20)
                .put(batch(CompressionType.GZIP, record("a", "1")).buffer().limit(RecordBatch.HEADER_BYTES))
                .rewind();
        bytes.putInt(8, bytes.capacity() - RecordBatch.LOG_OVERHEAD_BYTES);
        RecordBatch unreadable = learned(RecordBatch.view(bytes));

        assertThat(cleaner.clean(unreadable, survivors(300, NOW))).containsSame(unreadable);
    }

    /// Readers see what comes before that, so it may be what the tombstones deleted.
    @ParameterizedTest
    @EnumSource(Unclean.class)
    void tombstonesStayBehindABatchThatCannotBeCleaned(Unclean unclean) {
        RecordBatch before = unclean.batch();
        RecordBatch tombstone =
                RecordBatch.view(MemoryRecords.withRecords(200, Compression.NONE, record("a", null), record("b", "2"))
                        .buffer());
        RecordBatch seen = cleaner.clean(tombstone, survivors(300, NOW)).orElseThrow();
        map.put(ByteBuffer.wrap("a".getBytes(StandardCharsets.UTF_8)), 200);
        Survivors whileItIsKnown = survivors(300, NOW + DAY);
        OffsetMap empty = new OffsetMap(1_000);
        Survivors afterwards = new Survivors(empty, 300, new Kept(Set.of(), 1_000), new TombstoneTimes(NOW + DAY, DAY));

        assertThat(cleaner.clean(before, whileItIsKnown)).containsSame(before);
        assertThat(cleaner.clean(seen, whileItIsKnown)).containsSame(seen);
        assertThat(cleaner.clean(before, afterwards)).containsSame(before);
        assertThat(cleaner.clean(seen, afterwards)).containsSame(seen);
        assertThat(values(cleaner.clean(seen, survivors(300, NOW + DAY)).orElseThrow()))
                .containsExactly("201=2");
    }

    /// What Kafka's code does not read to the end, or does not write again.
    enum Unclean {
        BYTES_BEHIND_THE_RECORDS {
            @Override
            RecordBatch batch() {
                ByteBuffer records = plain();
                ByteBuffer bytes = ByteBuffer.allocate(records.remaining() + 1)
                        .put(records)
                        .rewind();
                return RecordBatch.view(bytes.putInt(8, bytes.capacity() - RecordBatch.LOG_OVERHEAD_BYTES));
            }
        },
        OFFSETS_OUT_OF_ORDER {
            @Override
            RecordBatch batch() {
                return RecordBatch.view(plain().putInt(23, 0));
            }
        },
        NEGATIVE_TIMESTAMP {
            @Override
            RecordBatch batch() {
                return RecordBatch.view(plain().putLong(27, -5));
            }
        },
        ODD_PRODUCER_ID {
            @Override
            RecordBatch batch() {
                return RecordBatch.view(plain().putLong(43, -2));
            }
        };

        abstract RecordBatch batch();

        private static ByteBuffer plain() {
            return MemoryRecords.withRecords(100, Compression.NONE, record("a", "1"), record("c", "3"))
                    .buffer();
        }
    }
}
