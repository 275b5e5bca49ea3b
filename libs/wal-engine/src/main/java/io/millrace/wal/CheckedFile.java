package io.millrace.wal;

import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A small file that is replaced as a whole, with a checksum: either the old content is there after a crash, or the
/// new.
///
/// ```
/// 0 magic 8 | 8 version 4 | 12 content bytes 4 | 16 CRC-32C of the content 4 | 20 CRC-32C of bytes 0 to 20 4 |
/// content
/// ```
///
/// Threads: stateless; one writer per file name.
public final class CheckedFile {

    private static final long MAGIC = 0x4D494C4C46494C31L; // MILLFIL1
    private static final int HEADER_BYTES = 24;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final String REPLACING_SUFFIX = ".replacing";

    private CheckedFile() {}

    /// Durable when it returns.
    public static void write(WalStorage storage, String name, ByteBuffer content) throws IOException {
        String replacingName = name + REPLACING_SUFFIX;
        storage.delete(replacingName);
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + content.remaining());
        bytes.putLong(MAGIC).putInt(WalFormat.VERSION).putInt(content.remaining());
        bytes.putInt(WalFormat.checksum(content, content.position(), content.remaining()));
        bytes.putInt(WalFormat.checksum(bytes, 0, HEADER_BYTES - Integer.BYTES));
        bytes.put(content).flip();
        try (WalFile file = storage.create(replacingName)) {
            file.write(bytes, 0);
            file.force();
        } catch (IOException e) {
            storage.delete(replacingName);
            throw e;
        }
        storage.rename(replacingName, name);
        storage.forceDirectory();
    }

    /// Empty if there is no such file.
    ///
    /// @throws CorruptLogException if there is one, but not with the content that was written
    public static Optional<ByteBuffer> read(WalStorage storage, String name) throws IOException {
        if (!storage.list().contains(name)) {
            return Optional.empty();
        }
        try (WalFile file = storage.open(name)) {
            long size = file.size();
            if (size < HEADER_BYTES || size > Integer.MAX_VALUE) {
                throw new CorruptLogException(name, 0, "the file has " + size + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            file.read(bytes, 0);
            bytes.flip();
            check(name, bytes);
            return Optional.of(bytes.slice(HEADER_BYTES, bytes.limit() - HEADER_BYTES));
        }
    }

    /// Reads a file piece by piece, and compares its checksums.
    ///
    /// @return how many bytes were read
    /// @throws CorruptLogException if the content is not the one that was written
    public static long verify(WalStorage storage, String name) throws IOException {
        try (WalFile file = storage.open(name)) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
            CRC32C crc = new CRC32C();
            int headerCrcPosition = HEADER_BYTES - Integer.BYTES;
            file.read(piece, 0);
            piece.flip();
            if (piece.limit() < HEADER_BYTES
                    || piece.getInt(headerCrcPosition) != WalFormat.checksum(piece, 0, headerCrcPosition)) {
                throw new CorruptLogException(name, 0, "the file's header is damaged");
            }
            int contentBytes = piece.getInt(12);
            int contentCrc = piece.getInt(16);
            piece.position(HEADER_BYTES);
            long bytes = 0;
            while (piece.hasRemaining()) {
                bytes += piece.remaining();
                crc.update(piece);
                file.read(piece.clear(), HEADER_BYTES + bytes);
                piece.flip();
            }
            if (bytes != contentBytes || (int) crc.getValue() != contentCrc) {
                throw new CorruptLogException(name, HEADER_BYTES, "the file's content is damaged");
            }
            return HEADER_BYTES + bytes;
        }
    }

    private static void check(String name, ByteBuffer bytes) throws CorruptLogException {
        int headerCrcPosition = HEADER_BYTES - Integer.BYTES;
        if (bytes.limit() < HEADER_BYTES
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(headerCrcPosition) != WalFormat.checksum(bytes, 0, headerCrcPosition)) {
            throw new CorruptLogException(name, 0, "the file's header is damaged");
        }
        if (bytes.getInt(8) != WalFormat.VERSION) {
            throw new CorruptLogException(
                    name, 8, "format version " + bytes.getInt(8) + ", this program reads version " + WalFormat.VERSION);
        }
        int contentBytes = bytes.getInt(12);
        if (contentBytes != bytes.limit() - HEADER_BYTES
                || bytes.getInt(16) != WalFormat.checksum(bytes, HEADER_BYTES, contentBytes)) {
            throw new CorruptLogException(name, HEADER_BYTES, "the file's content is damaged");
        }
    }

    /// A file that was being written when the process ended.
    static boolean isLeftover(String fileName) {
        return fileName.endsWith(REPLACING_SUFFIX);
    }
}
