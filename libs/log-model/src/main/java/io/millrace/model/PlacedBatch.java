package io.millrace.model;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A batch and the place that the log gave it, whose bytes are the producer's but for what the log decides.
///
/// On topics with `message.timestamp.type=LogAppendTime` that is the one change inside the batch's checksum: the base
/// timestamp stays, and readers take the max timestamp for all records.
///
/// Threads: immutable. Units: bytes, record offsets, milliseconds since the epoch.
/// Ownership: shares the batch's bytes. Source: Kafka documentation, "Message format".
///
/// @param batch as it was received
/// @param appendTimeMillis what its timestamps become, or -1 to keep the producer's
public record PlacedBatch(
        PartitionId partitionId, RecordBatch batch, long baseOffset, int leaderEpoch, long appendTimeMillis) {

    public int sizeInBytes() {
        return batch.sizeInBytes();
    }

    /// The offset after the last record.
    public long endOffset() {
        return baseOffset + batch.lastOffsetDelta() + 1;
    }

    /// The bytes before the first record, in a buffer of their own.
    public ByteBuffer header() {
        ByteBuffer header = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
        header.put(batch.slice(0, RecordBatch.HEADER_BYTES));
        place(header, 0);
        return header.flip();
    }

    /// All after [#header], read-only and not copied.
    public ByteBuffer records() {
        return recordBytes().asReadOnlyBuffer();
    }

    /// Appends the whole batch to the target.
    public void putTo(ByteBuffer target) {
        int start = target.position();
        target.put(batch.slice(0, batch.sizeInBytes()));
        place(target, start);
    }

    private ByteBuffer recordBytes() {
        return batch.slice(RecordBatch.HEADER_BYTES, batch.sizeInBytes() - RecordBatch.HEADER_BYTES);
    }

    private void place(ByteBuffer header, int start) {
        header.putLong(start, baseOffset);
        header.putInt(start + RecordBatch.LEADER_EPOCH_POSITION, leaderEpoch);
        if (appendTimeMillis >= 0) {
            int attributes = batch.attributes() | RecordBatch.TIMESTAMP_TYPE_MASK;
            header.putShort(start + RecordBatch.ATTRIBUTES_POSITION, (short) attributes);
            header.putLong(start + RecordBatch.MAX_TIMESTAMP_POSITION, appendTimeMillis);
            CRC32C crc = new CRC32C();
            crc.update(header.slice(
                    start + RecordBatch.ATTRIBUTES_POSITION,
                    RecordBatch.HEADER_BYTES - RecordBatch.ATTRIBUTES_POSITION));
            crc.update(recordBytes());
            header.putInt(start + RecordBatch.CRC_POSITION, (int) crc.getValue());
        }
    }
}
