package io.millrace.model;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/// One Kafka record batch of format version 2, as bytes that nobody changes.
///
/// The two fields that the log decides, base offset and partition leader epoch, lie outside the batch's CRC;
/// [#placedAt] gives a batch with both set, and shares no memory with this one.
///
/// Threads: immutable; [#buffer] hands out a read-only view of its own to each caller.
/// Units: sizes in bytes, timestamps in milliseconds since the epoch, offsets in records.
/// Ownership: views the array or buffer it was made from, which must not change afterwards.
/// Source: Kafka documentation, "Message format"; KIP-98.
public final class RecordBatch {

    /// Bytes before the first record.
    public static final int HEADER_BYTES = 61;

    /// Bytes of base offset and length, which the batch's own length field does not count.
    public static final int LOG_OVERHEAD_BYTES = 12;

    private static final int LENGTH_POSITION = 8;
    static final int LEADER_EPOCH_POSITION = 12;
    private static final int MAGIC_POSITION = 16;
    static final int CRC_POSITION = 17;
    static final int ATTRIBUTES_POSITION = 21;
    private static final int LAST_OFFSET_DELTA_POSITION = 23;
    private static final int BASE_TIMESTAMP_POSITION = 27;
    static final int MAX_TIMESTAMP_POSITION = 35;
    private static final int PRODUCER_ID_POSITION = 43;
    private static final int PRODUCER_EPOCH_POSITION = 51;
    private static final int BASE_SEQUENCE_POSITION = 53;
    private static final int RECORD_COUNT_POSITION = 57;

    private static final byte MAGIC = 2;
    private static final int COMPRESSION_MASK = 0x07;
    static final int TIMESTAMP_TYPE_MASK = 0x08;
    private static final int TRANSACTIONAL_MASK = 0x10;
    private static final int CONTROL_MASK = 0x20;
    private static final int DELETE_HORIZON_MASK = 0x40;

    /// Never handed out: checksums over a read-only view of an array would copy it first.
    private final ByteBuffer bytes;

    private RecordBatch(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /// Views the batch between the buffer's position and limit.
    ///
    /// @throws IllegalArgumentException if these bytes are no batch of version 2 of exactly this size
    public static RecordBatch view(ByteBuffer buffer) {
        return view(buffer, buffer.position(), buffer.remaining());
    }

    /// Views the batch of this size that begins at this index of the buffer.
    ///
    /// @throws IllegalArgumentException if these bytes are no batch of version 2 of exactly this size
    public static RecordBatch view(ByteBuffer buffer, int from, int size) {
        ByteBuffer bytes = buffer.slice(from, size);
        if (size < HEADER_BYTES) {
            throw new IllegalArgumentException("a record batch has at least " + HEADER_BYTES + " bytes, got " + size);
        }
        if (bytes.get(MAGIC_POSITION) != MAGIC) {
            throw new IllegalArgumentException(
                    "record batch has magic " + bytes.get(MAGIC_POSITION) + ", not " + MAGIC);
        }
        if (bytes.getInt(LENGTH_POSITION) != size - LOG_OVERHEAD_BYTES) {
            throw new IllegalArgumentException("record batch says " + bytes.getInt(LENGTH_POSITION)
                    + " bytes after its length field, but " + (size - LOG_OVERHEAD_BYTES) + " follow");
        }
        return new RecordBatch(bytes);
    }

    /// Copies these bytes with the two fields set that the log decides.
    public RecordBatch placedAt(long baseOffset, int leaderEpoch) {
        ByteBuffer copy = ByteBuffer.allocate(sizeInBytes());
        copyTo(copy, baseOffset, leaderEpoch);
        return new RecordBatch(copy.flip().asReadOnlyBuffer());
    }

    /// Appends these bytes to the target, with the two fields set that the log decides.
    public void copyTo(ByteBuffer target, long baseOffset, int leaderEpoch) {
        int start = target.position();
        target.put(bytes.duplicate());
        target.putLong(start, baseOffset);
        target.putInt(start + LEADER_EPOCH_POSITION, leaderEpoch);
    }

    /// For those who take checksums or copy; they change nothing.
    ByteBuffer slice(int from, int size) {
        return bytes.slice(from, size);
    }

    /// The whole batch, read-only, position 0.
    public ByteBuffer buffer() {
        return bytes.asReadOnlyBuffer();
    }

    public int sizeInBytes() {
        return bytes.limit();
    }

    public long baseOffset() {
        return bytes.getLong(0);
    }

    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /// The offset after the last record of this batch.
    public long endOffset() {
        return lastOffset() + 1;
    }

    public int lastOffsetDelta() {
        return bytes.getInt(LAST_OFFSET_DELTA_POSITION);
    }

    public int leaderEpoch() {
        return bytes.getInt(LEADER_EPOCH_POSITION);
    }

    public int recordCount() {
        return bytes.getInt(RECORD_COUNT_POSITION);
    }

    public short attributes() {
        return bytes.getShort(ATTRIBUTES_POSITION);
    }

    /// Kafka's number of the compression codec: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.
    public int compressionCode() {
        return attributes() & COMPRESSION_MASK;
    }

    public boolean isLogAppendTime() {
        return (attributes() & TIMESTAMP_TYPE_MASK) != 0;
    }

    public boolean isTransactional() {
        return (attributes() & TRANSACTIONAL_MASK) != 0;
    }

    public boolean isControl() {
        return (attributes() & CONTROL_MASK) != 0;
    }

    public long baseTimestamp() {
        return bytes.getLong(BASE_TIMESTAMP_POSITION);
    }

    /// When the tombstones of this batch can vanish, if compaction has seen it: the base timestamp says so then.
    public OptionalLong deleteHorizonMillis() {
        return (attributes() & DELETE_HORIZON_MASK) != 0 ? OptionalLong.of(baseTimestamp()) : OptionalLong.empty();
    }

    public long maxTimestamp() {
        return bytes.getLong(MAX_TIMESTAMP_POSITION);
    }

    public long producerId() {
        return bytes.getLong(PRODUCER_ID_POSITION);
    }

    public boolean hasProducerId() {
        return producerId() >= 0;
    }

    public short producerEpoch() {
        return bytes.getShort(PRODUCER_EPOCH_POSITION);
    }

    public int baseSequence() {
        return bytes.getInt(BASE_SEQUENCE_POSITION);
    }

    /// The sequence of the last record; sequences wrap from the largest int to zero.
    public int lastSequence() {
        long last = (long) baseSequence() + lastOffsetDelta();
        return last > Integer.MAX_VALUE ? (int) (last - Integer.MAX_VALUE - 1) : (int) last;
    }

    /// True if the CRC-32C that the producer computed over everything after it still matches.
    public boolean hasValidChecksum() {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(ATTRIBUTES_POSITION, bytes.limit() - ATTRIBUTES_POSITION));
        return (int) crc.getValue() == bytes.getInt(CRC_POSITION);
    }

    @Override
    public String toString() {
        return "RecordBatch[" + baseOffset() + ".." + lastOffset() + ", " + sizeInBytes() + " bytes]";
    }
}
