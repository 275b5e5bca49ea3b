package io.millrace.wal;

import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A small file that is replaced as a whole, with a checksum: either the old content is there after a crash, or the
/// new. A large one can be written and read a piece at a time.
///
/// ```
/// 0 magic 8 | 8 version 4 | 12 content bytes 4 | 16 CRC-32C of the content 4 | 20 CRC-32C of bytes 0 to 20 4 |
/// content
/// ```
///
/// Threads: stateless; one writer per file name.
public final class CheckedFile {

    static final int HEADER_BYTES = 24;

    private static final long MAGIC = 0x4D494C4C46494C31L; // MILLFIL1
    private static final int HEADER_CRC_POSITION = HEADER_BYTES - Integer.BYTES;
    private static final String REPLACING_SUFFIX = ".replacing";

    private CheckedFile() {}

    /// Puts the content down.
    @FunctionalInterface
    public interface Filling {
        void fill(CheckedFileWriter writer) throws IOException;
    }

    /// Durable when it returns.
    public static void write(WalStorage storage, String name, ByteBuffer content) throws IOException {
        write(storage, name, writer -> writer.append(content));
    }

    /// How large a file is, which must be there; nothing is read.
    public static long size(WalStorage storage, String name) throws IOException {
        try (WalFile file = storage.open(name)) {
            return file.size();
        }
    }

    /// Durable when it returns.
    public static void write(WalStorage storage, String name, Filling content) throws IOException {
        String replacingName = name + REPLACING_SUFFIX;
        storage.delete(replacingName);
        try (CheckedFileWriter writer = new CheckedFileWriter(storage.create(replacingName))) {
            content.fill(writer);
            writer.complete();
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
        Optional<CheckedFileReader> found = CheckedFileReader.open(storage, name);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (CheckedFileReader reader = found.get()) {
            return Optional.of(reader.take((int) reader.remaining()));
        }
    }

    /// Reads a file a piece at a time, and compares its checksums.
    ///
    /// @return how many bytes were read
    /// @throws CorruptLogException if it is missing, or not with the content that was written
    public static long verify(WalStorage storage, String name) throws IOException {
        Optional<CheckedFileReader> found = CheckedFileReader.open(storage, name);
        if (found.isEmpty()) {
            throw new CorruptLogException(name, 0, "the file is missing");
        }
        try (CheckedFileReader reader = found.get()) {
            return HEADER_BYTES + reader.remaining();
        }
    }

    /// A file that was being written when the process ended.
    static boolean isLeftover(String fileName) {
        return fileName.endsWith(REPLACING_SUFFIX);
    }

    static ByteBuffer header(long contentBytes, int contentCrc) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.putLong(MAGIC).putInt(WalFormat.VERSION).putInt(Math.toIntExact(contentBytes));
        header.putInt(contentCrc);
        header.putInt(WalFormat.checksum(header, 0, HEADER_CRC_POSITION));
        return header.flip();
    }

    /// Whether the header fits to a file of this size.
    ///
    /// @return what it says of the content's checksum
    static int checkHeader(String name, ByteBuffer header, long fileBytes) throws CorruptLogException {
        if (header.remaining() < HEADER_BYTES) {
            throw new CorruptLogException(name, 0, "the file has " + fileBytes + " bytes");
        }
        if (header.getLong(0) != MAGIC
                || header.getInt(HEADER_CRC_POSITION) != WalFormat.checksum(header, 0, HEADER_CRC_POSITION)) {
            throw new CorruptLogException(name, 0, "the file's header is damaged");
        }
        if (header.getInt(8) != WalFormat.VERSION) {
            throw new CorruptLogException(
                    name,
                    8,
                    "format version " + header.getInt(8) + ", this program reads version " + WalFormat.VERSION);
        }
        if (header.getInt(12) != fileBytes - HEADER_BYTES) {
            throw new CorruptLogException(
                    name, HEADER_BYTES, "the file has " + fileBytes + " bytes, which its header contradicts");
        }
        return header.getInt(16);
    }
}
