package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class RecordBatchTest {

    @Test
    void headerFieldsAreReadFromTheirPlaces() {
        RecordBatch batch = RecordBatch.view(bytes(7, 4, 3));

        assertThat(batch.baseOffset()).isEqualTo(7);
        assertThat(batch.lastOffset()).isEqualTo(11);
        assertThat(batch.endOffset()).isEqualTo(12);
        assertThat(batch.leaderEpoch()).isEqualTo(3);
        assertThat(batch.recordCount()).isEqualTo(5);
        assertThat(batch.producerId()).isEqualTo(42);
        assertThat(batch.producerEpoch()).isEqualTo((short) 2);
        assertThat(batch.baseSequence()).isEqualTo(Integer.MAX_VALUE - 1);
        assertThat(batch.maxTimestamp()).isEqualTo(2_000);
        assertThat(batch.compressionCode()).isEqualTo(4);
        assertThat(batch.isTransactional()).isTrue();
        assertThat(batch.isControl()).isFalse();
    }

    @Test
    void theLastSequenceWrapsToZero() {
        RecordBatch batch = RecordBatch.view(bytes(0, 4, 0));

        // MAX-1, MAX, 0, 1, 2
        assertThat(batch.lastSequence()).isEqualTo(2);
    }

    @Test
    void placingABatchKeepsItsChecksumAndLeavesTheOriginalAlone() {
        RecordBatch batch = RecordBatch.view(bytes(0, 4, -1));

        RecordBatch placed = batch.placedAt(1_000, 9);

        assertThat(placed.baseOffset()).isEqualTo(1_000);
        assertThat(placed.leaderEpoch()).isEqualTo(9);
        assertThat(placed.hasValidChecksum()).isTrue();
        assertThat(batch.baseOffset()).isZero();
        assertThat(batch.leaderEpoch()).isEqualTo(-1);
    }

    @Test
    void aFlippedBitBehindTheChecksumIsSeen() {
        ByteBuffer bytes = bytes(0, 4, -1);
        bytes.put(RecordBatch.HEADER_BYTES, (byte) (bytes.get(RecordBatch.HEADER_BYTES) ^ 1));

        assertThat(RecordBatch.view(bytes).hasValidChecksum()).isFalse();
    }

    @Test
    void theViewStartsAtTheBuffersPosition() {
        ByteBuffer batch = bytes(7, 4, 3);
        ByteBuffer frame = ByteBuffer.allocate(batch.remaining() + 10)
                .position(10)
                .put(batch)
                .position(10);

        assertThat(RecordBatch.view(frame).baseOffset()).isEqualTo(7);
        assertThat(frame.position()).isEqualTo(10);
    }

    @Test
    void tooFewBytesAreNoBatch() {
        assertThatThrownBy(() -> RecordBatch.view(ByteBuffer.allocate(60)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 61");
    }

    @Test
    void anOldFormatIsNoBatch() {
        ByteBuffer bytes = bytes(0, 0, 0).put(16, (byte) 1);

        assertThatThrownBy(() -> RecordBatch.view(bytes)).hasMessageContaining("magic 1");
    }

    @Test
    void aLengthThatDisagreesWithTheBytesIsNoBatch() {
        ByteBuffer bytes = bytes(0, 0, 0).putInt(8, 5);

        assertThatThrownBy(() -> RecordBatch.view(bytes)).hasMessageContaining("says 5 bytes");
    }

    private static ByteBuffer bytes(long baseOffset, int lastOffsetDelta, int leaderEpoch) {
        int size = RecordBatch.HEADER_BYTES + 20;
        ByteBuffer bytes = ByteBuffer.allocate(size);
        bytes.putLong(0, baseOffset)
                .putInt(8, size - 12)
                .putInt(12, leaderEpoch)
                .put(16, (byte) 2);
        bytes.putShort(21, (short) 0x14)
                .putInt(23, lastOffsetDelta)
                .putLong(27, 1_000)
                .putLong(35, 2_000);
        bytes.putLong(43, 42)
                .putShort(51, (short) 2)
                .putInt(53, Integer.MAX_VALUE - 1)
                .putInt(57, lastOffsetDelta + 1);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 21, size - 21);
        return bytes.putInt(17, (int) crc.getValue());
    }
}
