package io.millrace.wal;

import io.millrace.wal.storage.WalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Writes a checked file a piece at a time, so that none of it has to be in memory as a whole; the header comes last.
///
/// Threads: one.
/// Ownership: closes the file.
public final class CheckedFileWriter implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 20;

    private final WalFile file;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long position = CheckedFile.HEADER_BYTES;

    CheckedFileWriter(WalFile file) {
        this.file = file;
    }

    /// Appends a record, in front of which its length stands, for [CheckedFileReader#next].
    public void put(ByteBuffer record) throws IOException {
        append(ByteBuffer.allocate(Integer.BYTES).putInt(record.remaining()).flip());
        append(record);
    }

    public void append(ByteBuffer bytes) throws IOException {
        crc.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int count = Math.min(bytes.remaining(), buffer.remaining());
            buffer.put(bytes.slice(bytes.position(), count));
            bytes.position(bytes.position() + count);
        }
    }

    private void flush() throws IOException {
        int count = buffer.flip().remaining();
        file.write(buffer, position);
        position += count;
        buffer.clear();
    }

    /// On the disk when it returns.
    void complete() throws IOException {
        flush();
        file.write(CheckedFile.header(position - CheckedFile.HEADER_BYTES, (int) crc.getValue()), 0);
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
