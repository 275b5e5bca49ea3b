package io.millrace.wal;

import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// Reads a checked file a piece at a time: once as a whole for its checksum, then again for what is in it.
///
/// Threads: one.
/// Errors: [CorruptLogException] if the content is not the one that was written.
public final class CheckedFileReader implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 20;

    private final WalFile file;
    private final long end;
    private ByteBuffer buffer;
    /// Of what the buffer holds next.
    private long position = CheckedFile.HEADER_BYTES;

    private CheckedFileReader(WalFile file, long size) {
        this.file = file;
        this.end = size;
        this.buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, size)).limit(0);
    }

    /// Empty if there is no such file.
    public static Optional<CheckedFileReader> open(WalStorage storage, String name) throws IOException {
        if (!storage.list().contains(name)) {
            return Optional.empty();
        }
        WalFile file = storage.open(name);
        try {
            CheckedFileReader reader = new CheckedFileReader(file, file.size());
            reader.check();
            return Optional.of(reader);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void check() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(CheckedFile.HEADER_BYTES);
        file.read(header, 0);
        int contentCrc = CheckedFile.checkHeader(file.name(), header.flip(), end);
        CRC32C crc = new CRC32C();
        while (remaining() > 0) {
            crc.update(take((int) Math.min(remaining(), buffer.capacity())));
        }
        if ((int) crc.getValue() != contentCrc) {
            throw new CorruptLogException(file.name(), CheckedFile.HEADER_BYTES, "the file's content is damaged");
        }
        position = CheckedFile.HEADER_BYTES;
    }

    /// How many bytes were not read yet.
    long remaining() {
        return end - position;
    }

    /// The next record.
    ///
    /// @return lent until the next call
    public ByteBuffer next() throws IOException {
        return take(take(Integer.BYTES).getInt());
    }

    /// The next bytes.
    ///
    /// @return lent until the next call
    public ByteBuffer take(int count) throws IOException {
        if (count < 0 || count > remaining()) {
            throw new CorruptLogException(file.name(), position, "the file's content ends too early");
        }
        if (buffer.remaining() < count) {
            fill(count);
        }
        ByteBuffer taken = buffer.slice(buffer.position(), count);
        buffer.position(buffer.position() + count);
        position += count;
        return taken;
    }

    private void fill(int count) throws IOException {
        ByteBuffer filled = buffer.capacity() < count ? ByteBuffer.allocate(count) : buffer.clear();
        filled.limit((int) Math.min(filled.capacity(), remaining()));
        file.read(filled, position);
        buffer = filled.flip();
        if (buffer.remaining() < count) {
            throw new CorruptLogException(file.name(), position, "the file's content ends too early");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
