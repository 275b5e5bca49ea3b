package io.millrace.sealed;

import io.millrace.wal.CorruptLogException;
import io.millrace.wal.DamagedRecordException;
import io.millrace.wal.LogIdentity;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/// One sealed file, looked at without a log around it, and not changed.
///
/// Threads: one. Units: file positions.
/// Errors: [CorruptLogException] with the place of the damage.
/// Ownership: closes the file, not the storage.
public final class SealedInspection implements AutoCloseable {

    private final SealedFile file;
    private final Optional<SealedFooter> footer;
    private final OptionalLong dataEnd;

    private SealedInspection(SealedFile file, Optional<SealedFooter> footer, OptionalLong dataEnd) {
        this.file = file;
        this.footer = footer;
        this.dataEnd = dataEnd;
    }

    /// Reads header and footer.
    ///
    /// @param named where the file's runs end, if a checkpoint says so
    public static SealedInspection open(
            WalStorage storage, String fileName, LogIdentity identity, Optional<SealedManifest.Name> named)
            throws IOException {
        SealedFile file = SealedFile.open(storage, fileName, identity);
        try {
            Optional<SealedFooter> footer = SealedFooter.read(file);
            OptionalLong known = named.map(name -> OptionalLong.of(name.dataEnd()))
                    .orElseGet(() ->
                            footer.map(read -> OptionalLong.of(read.dataEnd())).orElseGet(OptionalLong::empty));
            return new SealedInspection(file, footer, known);
        } catch (IOException e) {
            file.release();
            throw e;
        }
    }

    /// Whether a file of this name is a sealed one.
    public static boolean isSealed(String fileName) {
        return SealedFormat.isSealed(fileName);
    }

    /// Whether a file of this name was being written when its process ended: the next start deletes it.
    public static boolean isLeftover(String fileName) {
        return SealedFormat.isLeftover(fileName);
    }

    /// The number in a sealed file's name.
    public static long number(String fileName) {
        return SealedFormat.number(fileName);
    }

    /// As it is written, or else as it follows from the runs.
    public SealedFooter footer() throws IOException {
        if (footer.isPresent()) {
            return footer.get();
        }
        long end = dataEnd();
        return new SealedFooter(new SealedRescan(file, end).footer().runs(), end);
    }

    private long dataEnd() throws IOException {
        if (dataEnd.isEmpty()) {
            throw new CorruptLogException(
                    file.name(), file.file().size(), "the footer is damaged, and no checkpoint names the file");
        }
        return dataEnd.getAsLong();
    }

    /// Over the records of some bytes of the file.
    public SealedCursor records(long from, long end) {
        return new SealedCursor(file, from, end);
    }

    /// What became of the checksums of a file.
    ///
    /// @param isFooterWhole if not, the next start makes the footer again
    public record Checked(int runCount, long batchCount, long bytes, boolean isFooterWhole) {}

    /// Reads everything and compares every checksum, then the footer with what follows from the runs.
    ///
    /// @throws CorruptLogException where a record or a batch is damaged
    public Checked check() throws IOException {
        long end = dataEnd();
        long batchCount = checkRecords(end);
        FooterBuilder.Footer expected = new SealedRescan(file, end).footer();
        ByteBuffer written = ByteBuffer.allocate(expected.bytes().remaining());
        file.file().read(written, end);
        boolean isFooterWhole = footer.isPresent() && written.flip().equals(expected.bytes());
        return new Checked(expected.runs().size(), batchCount, end, isFooterWhole);
    }

    private long checkRecords(long end) throws IOException {
        SealedCursor cursor = records(SealedFormat.HEADER_BYTES, end);
        long batchCount = 0;
        try {
            while (cursor.next()) {
                if (cursor.isBatch()) {
                    batchCount++;
                    checkBatch(cursor);
                }
            }
            return batchCount;
        } catch (DamagedRecordException e) {
            CorruptLogException corrupt =
                    new CorruptLogException(file.name(), cursor.filePosition(), String.valueOf(e.getMessage()));
            corrupt.initCause(e);
            throw corrupt;
        }
    }

    private void checkBatch(SealedCursor cursor) throws CorruptLogException {
        if (!cursor.batch().hasValidChecksum()) {
            throw new CorruptLogException(
                    file.name(),
                    cursor.filePosition(),
                    "the checksum of the batch does not match, although that of its record does");
        }
    }

    @Override
    public void close() throws IOException {
        file.release();
    }
}
