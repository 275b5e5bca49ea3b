package io.millrace.kafka.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.kafka.wire.PlainRecord.PlainHeader;
import io.millrace.kafka.wire.RecordBatches.From;
import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordBatchesTest {

    private static final RecordBatches.Limit ALL = new RecordBatches.Limit(100, 1_000_000);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void recordsComeBackAsTheyWereBuiltWithEveryCompression(int compressionCode) {
        List<PlainRecord> records = List.of(
                record(0, text("key"), text("value")),
                record(1, Optional.empty(), text("")),
                record(2, text(""), Optional.empty()));

        RecordBatch batch = RecordBatches.build(records, compressionCode);

        assertThat(batch.compressionCode()).isEqualTo(compressionCode);
        assertThat(batch.hasValidChecksum()).isTrue();
        assertThat(batch.recordCount()).isEqualTo(3);
        assertThat(RecordBatches.read(batch, From.offset(0), ALL)).isEqualTo(records);
    }

    @Test
    void readingStartsAtTheOffsetAskedForAndStopsAtTheCount() {
        RecordBatch batch = RecordBatches.build(
                List.of(
                        record(0, text("a"), text("1")),
                        record(1, text("b"), text("2")),
                        record(2, text("c"), text("3"))),
                0);

        List<PlainRecord> read =
                RecordBatches.read(batch.placedAt(100, 0), From.offset(101), new RecordBatches.Limit(1, 1_000));

        assertThat(read).extracting(PlainRecord::offset).containsExactly(101L);
    }

    @Test
    void theFirstRecordIsReadWhateverItsSize() {
        RecordBatch batch =
                RecordBatches.build(List.of(record(0, text("a"), text("long")), record(1, text("b"), text("2"))), 0);

        List<PlainRecord> read = RecordBatches.read(batch, From.offset(0), new RecordBatches.Limit(10, 1));

        assertThat(read).hasSize(1);
    }

    @Test
    void bytesThatAreNoRecordsAreNamed() {
        ByteBuffer bytes = copy(RecordBatches.build(List.of(record(0, text("a"), text("b"))), 0));
        bytes.put(RecordBatch.HEADER_BYTES, (byte) 0x7f);
        RecordBatch broken = RecordBatch.view(bytes);

        assertThatThrownBy(() -> RecordBatches.read(broken, From.offset(0), ALL))
                .isInstanceOf(RecordBatches.InvalidBatchException.class)
                .hasMessageContaining("RecordBatch[0..0");
    }

    private static ByteBuffer copy(RecordBatch batch) {
        return ByteBuffer.allocate(batch.sizeInBytes()).put(batch.buffer()).flip();
    }

    private static PlainRecord record(long offset, Optional<ByteBuffer> key, Optional<ByteBuffer> value) {
        List<PlainHeader> headers = List.of(new PlainHeader("h", text("x")), new PlainHeader("h", Optional.empty()));
        return new PlainRecord(offset, 1_000 + offset, key, value, headers);
    }

    private static Optional<ByteBuffer> text(String text) {
        return Optional.of(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }
}
