package io.millrace.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingest.kafka.Validation.Rejected;
import io.millrace.ingest.kafka.Validation.Valid;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import io.millrace.model.TopicId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BatchValidatorTest {

    private static final BatchValidator.Options OPTIONS = new BatchValidator.Options(true, 4_096, 1 << 20);
    private static final int LAST_OFFSET_DELTA = 23;
    private static final int MAX_TIMESTAMP = 35;
    private static final int PRODUCER_ID = 43;
    private static final int RECORD_COUNT = 57;

    private final BatchValidator validator = IngestRig.validator(OPTIONS);

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aProducersBatchIsStoredAsItCame(CompressionType type) {
        RecordBatch batch = Batches.batch(Batches.records(type, 500));

        Validation validation = validate(batch);

        assertThat(validation).isEqualTo(new Valid(batch));
    }

    @Test
    void aWrongChecksumIsCorrupt() {
        RecordBatch good = Batches.batch(Batches.records(CompressionType.NONE, 3));
        ByteBuffer bytes = ByteBuffer.allocate(good.sizeInBytes()).put(good.buffer());
        bytes.put(70, (byte) (bytes.get(70) ^ 1));

        assertRejected(RecordBatch.view(bytes.flip()), Refusal.CORRUPT_BATCH, "corrupt");
    }

    @Test
    void aBatchLargerThanTheTopicAllowsIsTooLarge() {
        assertRejected(
                Batches.batch(Batches.bomb(CompressionType.NONE, 2_000_000)),
                Refusal.RECORD_TOO_LARGE,
                "exceeds the maximum configured value of 1048588");
    }

    @Test
    void headersThatContradictThemselvesAreInvalid() {
        RecordBatch good = Batches.batch(Batches.records(CompressionType.NONE, 3));

        assertRejected(Batches.with(good, RECORD_COUNT, Batches.ints(0)), Refusal.INVALID_RECORD, "reported count");
        assertRejected(
                Batches.with(good, LAST_OFFSET_DELTA, Batches.ints(7)), Refusal.INVALID_RECORD, "Inconsistent batch");
        assertRejected(Batches.with(good, 22, (byte) 0x20), Refusal.INVALID_RECORD, "control records");
        assertRejected(Batches.with(good, PRODUCER_ID, Batches.ints(0, 9)), Refusal.INVALID_RECORD, "sequence");
        assertRejected(Batches.with(good, 7, (byte) 5), Refusal.INVALID_RECORD, "should be 0, but it is 5");
        assertRejected(Batches.with(good, 22, (byte) 0x08), Refusal.INVALID_TIMESTAMP, "LogAppendTime");
        assertRejected(Batches.with(good, 22, (byte) 6), Refusal.UNSUPPORTED_COMPRESSION, "type id: 6");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void moreOrFewerRecordsThanTheHeaderSaysAreInvalid(CompressionType type) {
        RecordBatch good = Batches.batch(Batches.records(type, 3));
        RecordBatch fewer =
                Batches.with(Batches.with(good, LAST_OFFSET_DELTA, Batches.ints(1)), RECORD_COUNT, Batches.ints(2));
        RecordBatch more =
                Batches.with(Batches.with(good, LAST_OFFSET_DELTA, Batches.ints(3)), RECORD_COUNT, Batches.ints(4));

        assertRejected(fewer, Refusal.INVALID_RECORD, "still remaining");
        assertRejected(more, Refusal.INVALID_RECORD, "end in the middle");
    }

    @Test
    void recordsThatAreNoneAreInvalid() {
        RecordBatch one = Batches.batch(Batches.records(CompressionType.NONE, 1));

        // A record: length, attributes, timestamp delta, offset delta, key length, value length, header count.
        assertRejected(Batches.withRecords(one, hex("01")), Refusal.INVALID_RECORD, "negative length");
        assertRejected(Batches.withRecords(one, hex("0c0000020101 00")), Refusal.INVALID_RECORD, "out of sequence");
        assertRejected(Batches.withRecords(one, hex("0c0000000301 00")), Refusal.INVALID_RECORD, "key size -2");
        assertRejected(Batches.withRecords(one, hex("0c0000000164 00")), Refusal.INVALID_RECORD, "value size 50");
        assertRejected(Batches.withRecords(one, hex("0c000000010101")), Refusal.INVALID_RECORD, "headers -1");
        assertRejected(Batches.withRecords(one, hex("0c0000000101fe")), Refusal.INVALID_RECORD, "middle");
        assertRejected(Batches.withRecords(one, hex("0e000000010100 00")), Refusal.INVALID_RECORD, "instead read 6");
        assertRejected(Batches.withRecords(one, hex("10000000010102 01 00")), Refusal.INVALID_RECORD, "header key");
        assertRejected(Batches.withRecords(one, hex("ffffffffff01")), Refusal.INVALID_RECORD, "too long");
        assertRejected(Batches.withRecords(one), Refusal.INVALID_RECORD, "middle");
        assertThat(validate(Batches.withRecords(one, hex("0c00000001 0100"))))
                .as("a null key and a null value")
                .isInstanceOf(Valid.class);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void bytesThatAreNotCompressedAreRefusedWhateverTheyAre(CompressionType type) {
        RecordBatch good = Batches.batch(Batches.records(type, 3));
        SplittableRandom random = new SplittableRandom(7);

        for (int round = 0; round < 300; round++) {
            byte[] rubbish = new byte[random.nextInt(200)];
            random.nextBytes(rubbish);
            RecordBatch batch = round % 2 == 0
                    ? Batches.withRecords(good, rubbish)
                    : Batches.with(good, 61 + random.nextInt(good.sizeInBytes() - 61), (byte) random.nextInt());

            Validation validation = validate(batch);

            if (round % 2 == 0) {
                assertThat(validation).as("round " + round).isInstanceOf(Rejected.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aBatchThatInflatesBeyondTheBoundIsRefused(CompressionType type) {
        RecordBatch bomb = Batches.batch(Batches.bomb(type, 10_000_000));

        assertRejected(bomb, Refusal.INVALID_RECORD, "decompresses to more than 1048588 bytes");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatATopicTakesUncompressedItTakesCompressed(CompressionType type) {
        Topic large = topic(Map.of(TopicConfigs.MAX_MESSAGE_BYTES, "11000000"));

        assertThat(validate(Batches.batch(Batches.bomb(type, 10_000_000)), large))
                .isInstanceOf(Valid.class);
    }

    @Test
    void aSnappyBlockThatClaimsGigabytesIsRefusedBeforeAnythingIsAllocated() {
        RecordBatch good = Batches.batch(Batches.records(CompressionType.SNAPPY, 1));

        assertRejected(
                Batches.withRecords(good, hex("ffffffff0f 00 00")), Refusal.INVALID_RECORD, "says it decompresses");
        assertRejected(
                Batches.withRecords(good, hex("82534e41505059 00 00000001 00000001 7fffffff 00")),
                Refusal.INVALID_RECORD,
                "snappy block says it has");
    }

    @Test
    void aSnappyStreamOfHeadersAloneIsRefused() {
        RecordBatch good = Batches.batch(Batches.records(CompressionType.SNAPPY, 1));

        assertRejected(
                Batches.withRecords(good, hex("82534e4150505900 00000001 00000001".repeat(60_000))),
                Refusal.INVALID_RECORD,
                "headers in a row");
    }

    @Test
    void keylessRecordsAreNamedOnACompactedTopic() {
        Topic compacted = topic(Map.of(TopicConfigs.CLEANUP_POLICY, "compact"));

        Validation validation = validate(Batches.batch(Batches.keyless(CompressionType.LZ4)), compacted);

        Rejected rejected = (Rejected) validation;
        assertThat(rejected.refusal()).isEqualTo(Refusal.INVALID_RECORD);
        assertThat(rejected.message()).startsWith("One or more records have been rejected due to 1 record errors");
        assertThat(rejected.recordProblems()).singleElement().satisfies(problem -> {
            assertThat(problem.index()).isEqualTo(1);
            assertThat(problem.message()).contains("Compacted topic cannot accept message without key");
        });
    }

    @Test
    void timestampsOutsideTheTopicsLimitsAreNamed() {
        Topic limited = topic(Map.of(
                TopicConfigs.MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
                "1000",
                TopicConfigs.MESSAGE_TIMESTAMP_AFTER_MAX_MS,
                "1000"));

        assertThat(validate(old(2_000), limited)).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.refusal()).isEqualTo(Refusal.INVALID_TIMESTAMP);
            assertThat(rejected.recordProblems()).hasSize(1);
        });
        assertThat(validate(old(-2_000), limited)).isInstanceOf(Rejected.class);
        assertThat(validate(old(500), limited)).isInstanceOf(Valid.class);
        assertThat(validate(old(-2_000_000_000L), topic(Map.of()))).isInstanceOf(Rejected.class);
        assertThat(validate(old(900_000), topic(Map.of()))).isInstanceOf(Valid.class);
    }

    @Test
    void aHeaderThatLiesAboutItsLatestTimestampIsMended() {
        RecordBatch good = Batches.batch(Batches.records(CompressionType.GZIP, 3));
        RecordBatch liar = Batches.with(good, MAX_TIMESTAMP, Batches.ints(0, 5));

        RecordBatch stored = ((Valid) validate(liar)).batch();

        assertThat(stored.maxTimestamp()).isEqualTo(IngestRig.NOW + 2);
        assertThat(stored.hasValidChecksum()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aTopicThatAsksForACodecGetsIt(CompressionType type) {
        Topic wanting =
                topic(Map.of(TopicConfigs.COMPRESSION_TYPE, type == CompressionType.NONE ? "uncompressed" : type.name));

        for (CompressionType given : CompressionType.values()) {
            RecordBatch stored = ((Valid) validate(Batches.batch(Batches.records(given, 100)), wanting)).batch();

            assertThat(stored.compressionCode()).isEqualTo(type.id);
            assertThat(MemoryRecords.readableRecords(stored.buffer()).records())
                    .extracting(Record::offset)
                    .hasSize(100)
                    .startsWith(0L, 1L)
                    .endsWith(99L);
        }
    }

    @Test
    void aBatchThatGrowsTooLargeInTheTopicsCodecIsTooLarge() {
        Topic plain =
                topic(Map.of(TopicConfigs.COMPRESSION_TYPE, "uncompressed", TopicConfigs.MAX_MESSAGE_BYTES, "5000"));

        Validation validation = validate(Batches.batch(Batches.bomb(CompressionType.ZSTD, 100_000)), plain);

        assertThat(validation)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.refusal()).isEqualTo(Refusal.RECORD_TOO_LARGE));
    }

    @Test
    void trustedProducersAreCheckedByHeaderOnly() {
        BatchValidator trusting = IngestRig.validator(new BatchValidator.Options(false, 1, 1));
        RecordBatch nonsense =
                Batches.withRecords(Batches.batch(Batches.records(CompressionType.NONE, 1)), (byte) 1, (byte) 2);

        Validation validation = trusting.validate(nonsense, 0, TopicRules.of(topic(Map.of())));

        assertThat(validation).isEqualTo(new Valid(nonsense));
    }

    private static RecordBatch old(long millis) {
        return Batches.batch(Batches.records(CompressionType.NONE, 1, IngestRig.NOW - millis));
    }

    private void assertRejected(RecordBatch batch, Refusal refusal, String message) {
        assertThat(validate(batch)).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.refusal()).as(rejected.message()).isEqualTo(refusal);
            assertThat(rejected.message()).contains(message);
        });
    }

    private Validation validate(RecordBatch batch) {
        return validate(batch, topic(Map.of()));
    }

    private Validation validate(RecordBatch batch, Topic topic) {
        return validator.validate(batch, 0, TopicRules.of(topic));
    }

    private static Topic topic(Map<String, String> configs) {
        return new Topic(new TopicId(1, 1), "orders", 1, configs);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
