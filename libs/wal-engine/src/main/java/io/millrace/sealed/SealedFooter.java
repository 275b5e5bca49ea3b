package io.millrace.sealed;

import io.millrace.partition.SealedLedger;
import io.millrace.partition.SealedLedger.Content;
import io.millrace.partition.SealedRun;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.storage.WalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// What a sealed file says of its own runs.
///
/// Threads: immutable. Units: file positions.
///
/// @param dataEnd where the runs end and the footer begins
public record SealedFooter(List<SealedRun> runs, long dataEnd) {

    public SealedFooter {
        runs = List.copyOf(runs);
    }

    /// Empty if the footer is not what was written.
    public static Optional<SealedFooter> read(SealedFile sealed) throws IOException {
        WalFile file = sealed.file();
        long size = file.size();
        if (size < SealedFormat.HEADER_BYTES + SealedFormat.TRAILER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(SealedFormat.TRAILER_BYTES);
        file.read(bytes, size - SealedFormat.TRAILER_BYTES);
        SealedTrailer trailer = SealedTrailer.decode(bytes.flip());
        if (trailer == null || trailer.endOfFile() != size || trailer.tableBytes() > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        ByteBuffer table = ByteBuffer.allocate((int) trailer.tableBytes());
        sealed.read(table, trailer.tablePosition());
        if (SealedFormat.checksum(table, 0, table.limit()) != trailer.tableCrc()) {
            return Optional.empty();
        }
        List<SealedRun> runs = FooterBuilder.decodeTable(table, trailer.runCount(), sealed.number());
        return Optional.of(new SealedFooter(runs, trailer.indexPosition()));
    }

    /// Tells the ledger of the file that this is the footer of.
    public void openIn(SealedLedger ledger, long number) {
        long partitions =
                runs.stream().map(SealedRun::partitionId).distinct().limit(2).count();
        ledger.open(number, dataEnd, partitions > 1 ? Content.SHARED : Content.ONE_PARTITION);
    }

    /// Makes the footer again from the runs, durably.
    ///
    /// @param dataEnd where the runs end, as somebody knows who is not this file
    /// @throws CorruptLogException if the runs are not whole up to there
    static SealedFooter repair(SealedFile sealed, long dataEnd) throws IOException {
        FooterBuilder.Footer footer = new SealedRescan(sealed, dataEnd).footer();
        WalFile file = sealed.file();
        file.write(footer.bytes(), dataEnd);
        file.force();
        return new SealedFooter(footer.runs(), dataEnd);
    }
}
