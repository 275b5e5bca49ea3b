package io.millrace.sealed;

import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogIdentity;
import io.millrace.wal.storage.SharedFile;
import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;

/// One sealed file that is open. It does not change any more, its footer apart, which can be made again.
///
/// Threads: any. The file is closed when nothing in it lives and the last reader is done.
public final class SealedFile {

    private final SharedFile shared;
    private final SealedHeader header;

    SealedFile(WalFile file, SealedHeader header) {
        this.shared = new SharedFile(file);
        this.header = header;
    }

    /// Opens a file and checks its header; nothing else is read.
    ///
    /// @throws CorruptLogException if it is no sealed file of this cluster and name
    public static SealedFile open(WalStorage storage, String name, LogIdentity identity) throws IOException {
        WalFile file = storage.open(name);
        try {
            ByteBuffer bytes = ByteBuffer.allocate(SealedFormat.HEADER_BYTES);
            file.read(bytes, 0);
            SealedHeader header = SealedHeader.decode(bytes.flip(), name);
            if (!header.identity().equals(identity)) {
                throw new CorruptLogException(
                        name, 16, "the file belongs to cluster " + header.identity() + ", not to " + identity);
            }
            if (!name.equals(SealedFormat.fileName(header.number()))) {
                throw new CorruptLogException(
                        name, 32, "the file was written as " + SealedFormat.fileName(header.number()));
            }
            return new SealedFile(file, header);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// The same file, opened once more for whoever compares it with what is known of it.
    SealedFile again(WalStorage storage) throws IOException {
        return new SealedFile(storage.open(name()), header);
    }

    /// Whether the header on the disk is the one that is known.
    boolean hasItsHeader() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SealedFormat.HEADER_BYTES);
        read(bytes, 0);
        return header.equals(SealedHeader.decode(bytes.flip(), name()));
    }

    public long number() {
        return header.number();
    }

    public String name() {
        return shared.file().name();
    }

    SealedHeader header() {
        return header;
    }

    WalFile file() {
        return shared.file();
    }

    /// Fills the target from this position on.
    void read(ByteBuffer target, long position) throws IOException {
        file().read(target, position);
        if (target.hasRemaining()) {
            throw new IOException(name() + " ends too early for byte " + position);
        }
    }

    boolean hold() {
        return shared.hold();
    }

    public void release() throws IOException {
        shared.release();
    }
}
