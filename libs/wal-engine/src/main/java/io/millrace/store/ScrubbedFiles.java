package io.millrace.store;

import io.millrace.partition.ShardState;
import io.millrace.sealed.SealedFiles;
import io.millrace.wal.CheckedFile;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.WriteAheadLog.SegmentExtent;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// The files of a store, as a scrub sees them while others write and delete them.
///
/// Threads: any asks what there is; the one that scrubs opens.
final class ScrubbedFiles {

    private final UncachedDisk disk;
    private final Parts parts;

    /// What knows the files.
    record Parts(WriteAheadLog log, ShardState state, SealedFiles files) {}

    ScrubbedFiles(WalStorage storage, Parts parts) {
        this.disk = new UncachedDisk(storage);
        this.parts = parts;
    }

    /// What there is now, in the order of a start.
    List<ScrubTarget> all() throws IOException {
        List<ScrubTarget> all = new ArrayList<>();
        all.add(new ScrubTarget.Small(StoreRecovery.IDENTITY_FILE, Damage.Kind.WHOLE_FILE));
        if (disk.list().contains(Checkpoint.FILE_NAME)) {
            all.add(new ScrubTarget.Small(Checkpoint.FILE_NAME, Damage.Kind.CHECKPOINT));
        }
        for (SealedFiles.FileSummary file : parts.files().summaries()) {
            all.add(new ScrubTarget.Sealed(file.fileName(), file.number(), file.bytes()));
        }
        for (SegmentExtent segment : parts.log().extents()) {
            all.add(new ScrubTarget.Segment(segment));
        }
        return all;
    }

    /// Whether the store still has this file. What is found in one that it let go of is no damage.
    boolean isThere(ScrubTarget target) {
        return switch (target) {
            case ScrubTarget.Small _ -> true;
            case ScrubTarget.Sealed sealed -> parts.files().known(sealed.number()) != null;
            case ScrubTarget.Segment segment ->
                parts.log().hasSegment(segment.extent().basePosition());
        };
    }

    /// Begins with a file.
    ///
    /// @param sample what of it is looked at
    /// @return empty if nothing is to be done any more
    Optional<FileScrub> open(ScrubTarget target, BooleanSupplier sample, Consumer<Damage> damages) throws IOException {
        return switch (target) {
            case ScrubTarget.Small small -> {
                CheckedFile.verify(disk, small.fileName());
                yield Optional.empty();
            }
            case ScrubTarget.Sealed sealed -> {
                SealedFiles.Known known = parts.files().known(sealed.number());
                yield known == null
                        ? Optional.empty()
                        : Optional.of(SealedScrub.open(
                                disk, new SealedScrub.Scrubbed(known, parts.state(), sample), damages));
            }
            case ScrubTarget.Segment segment ->
                sample.getAsBoolean()
                        ? Optional.of(SegmentScrub.open(disk, segment.extent(), parts.state(), damages))
                        : Optional.empty();
        };
    }
}
