package io.millrace.wal;

import io.millrace.model.Invariant;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// One round while it is put together: the single place to which record bytes are copied on their way to the disk.
///
/// Threads: one at a time.
/// Ownership: reused for every round. It grows for a round that needs more, and shrinks again afterwards.
public final class RoundBuffer {

    private final ByteBuffer standard;
    private final CRC32C crc = new CRC32C();
    /// Of the records' headers so far.
    private final CRC32C recordsCrc = new CRC32C();
    private ByteBuffer buffer;
    /// Shares the buffer's memory; moved over what a checksum is taken of.
    private ByteBuffer summed;
    private int recordStart;
    private int recordCount;
    private long timeMillis;
    private long position = -1;

    public RoundBuffer(int bytes) {
        this.standard = ByteBuffer.allocateDirect(WalFormat.aligned(bytes, WalFormat.ALIGNMENT));
        this.buffer = standard;
        this.summed = standard.duplicate();
    }

    /// Starts an empty round.
    public void clear(long roundTimeMillis) {
        if (buffer.capacity() != standard.capacity()) {
            summed = standard.duplicate();
        }
        buffer = standard.clear().position(WalFormat.ROUND_HEADER_BYTES);
        recordCount = 0;
        recordsCrc.reset();
        timeMillis = roundTimeMillis;
        position = -1;
    }

    public boolean isEmpty() {
        return recordCount == 0;
    }

    /// Starts a record of the given type.
    ///
    /// @return a buffer whose position is the start of the body, to be filled with exactly this many bytes
    public ByteBuffer startRecord(int type, int bodyBytes) {
        int recordBytes = WalFormat.recordBytes(bodyBytes);
        if (buffer.remaining() < recordBytes) {
            grow(buffer.position() + recordBytes);
        }
        recordStart = buffer.position();
        LogRecord.putHeader(buffer, type, bodyBytes);
        return buffer;
    }

    private void grow(int bytes) {
        ByteBuffer larger = ByteBuffer.allocateDirect(WalFormat.aligned(bytes, WalFormat.ALIGNMENT));
        buffer = larger.put(buffer.flip());
        summed = buffer.duplicate();
    }

    public void endRecord() {
        int bodyBytes = buffer.getInt(recordStart + 4);
        int end = recordStart + WalFormat.RECORD_HEADER_BYTES + bodyBytes;
        Invariant.check(buffer.position() == end, "a record's body has the size that was announced");
        int aligned = WalFormat.aligned(end, WalFormat.RECORD_ALIGNMENT);
        while (buffer.position() < aligned) {
            buffer.put((byte) 0);
        }
        crc.reset();
        crc.update(summed.clear().limit(aligned).position(recordStart + 4));
        buffer.putInt(recordStart, (int) crc.getValue());
        recordsCrc.update(summed.clear()
                .limit(recordStart + WalFormat.RECORD_HEADER_BYTES)
                .position(recordStart));
        recordCount++;
    }

    /// The bytes that the round needs on the disk.
    public int frameBytes() {
        return WalFormat.aligned(buffer.position(), WalFormat.ALIGNMENT);
    }

    /// Completes the frame for its place.
    ///
    /// @return the end of the log once this round is in it
    LogEnd complete(RoundHeader.Place place) {
        int payloadBytes = buffer.position() - WalFormat.ROUND_HEADER_BYTES;
        int frameBytes = frameBytes();
        while (buffer.position() < frameBytes) {
            buffer.put((byte) 0);
        }
        buffer.flip();
        RoundHeader.Content content = new RoundHeader.Content(timeMillis, recordCount, (int) recordsCrc.getValue());
        int roundCrc = RoundHeader.encode(buffer, payloadBytes, content, place);
        position = place.position();
        return new LogEnd(position + frameBytes, place.previous().roundSequence() + 1, roundCrc, timeMillis);
    }

    ByteBuffer frame() {
        return buffer.duplicate().rewind();
    }

    /// The records of a round that was written, as recovery would read them.
    public RecordCursor records() {
        Invariant.check(position >= 0, "records have positions only after the round was written");
        int payloadBytes = buffer.getInt(12);
        return new RecordCursor(buffer, WalFormat.ROUND_HEADER_BYTES, payloadBytes, position);
    }
}
