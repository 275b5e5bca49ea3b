package io.millrace.store;

import io.millrace.model.Topic;
import io.millrace.partition.SealedRun;
import io.millrace.sealed.SealedInspection;
import io.millrace.sealed.SealedManifest;
import io.millrace.store.FileFacts.RoundRange;
import io.millrace.store.FileFacts.SealedState;
import io.millrace.store.FileFacts.SegmentState;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogIdentity;
import io.millrace.wal.LogManifest;
import io.millrace.wal.SegmentReader;
import io.millrace.wal.SegmentReader.RoundFacts;
import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Tells what each file of a log's directory is, from headers alone.
///
/// Threads: one.
final class FileListing {

    private final WalStorage storage;

    FileListing(WalStorage storage) {
        this.storage = storage;
    }

    List<FileFacts> list() throws IOException {
        Optional<Checkpoint> checkpoint = readableCheckpoint(storage);
        List<FileFacts> files = new ArrayList<>();
        for (String name : names(storage)) {
            files.add(facts(name, checkpoint));
        }
        return files;
    }

    private static List<String> names(WalStorage storage) throws IOException {
        return storage.list().stream().sorted().toList();
    }

    /// In the order of the log.
    static List<String> segmentNames(WalStorage storage) throws IOException {
        return names(storage).stream().filter(SegmentReader::isSegment).toList();
    }

    /// In the order in which they were written.
    static List<String> sealedNames(WalStorage storage) throws IOException {
        return names(storage).stream().filter(SealedInspection::isSealed).toList();
    }

    /// Empty also if it is damaged, which its own line in the list says.
    static Optional<Checkpoint> readableCheckpoint(WalStorage storage) throws IOException {
        try {
            return Checkpoint.read(storage);
        } catch (CorruptLogException damaged) {
            return Optional.empty();
        }
    }

    private FileFacts facts(String name, Optional<Checkpoint> checkpoint) throws IOException {
        long bytes;
        try (WalFile file = storage.open(name)) {
            bytes = file.size();
        }
        try {
            return factsOf(name, bytes, checkpoint);
        } catch (CorruptLogException e) {
            return new FileFacts.DamagedFile(name, bytes, e.what());
        }
    }

    private FileFacts factsOf(String name, long bytes, Optional<Checkpoint> checkpoint) throws IOException {
        if (SegmentReader.isLeftover(name) || SealedInspection.isLeftover(name)) {
            return new FileFacts.LeftoverFile(name, bytes);
        }
        if (SegmentReader.isSegment(name)) {
            return segment(name, bytes, checkpoint.map(Checkpoint::manifest));
        }
        if (SealedInspection.isSealed(name)) {
            return sealed(name, bytes, checkpoint);
        }
        return switch (name) {
            case Checkpoint.FILE_NAME ->
                checkpoint(bytes, Checkpoint.read(storage).orElseThrow());
            case StoreRecovery.CLEAN_END_FILE ->
                new FileFacts.CleanEndFile(
                        name, bytes, StoreRecovery.readCleanEnd(storage).orElseThrow());
            case StoreRecovery.IDENTITY_FILE ->
                new FileFacts.ClusterFile(
                        name,
                        bytes,
                        StoreRecovery.readIdentity(storage).orElseThrow().toString());
            default -> new FileFacts.UnknownFile(name, bytes);
        };
    }

    private static FileFacts checkpoint(long bytes, Checkpoint checkpoint) {
        Collection<Topic> topics = checkpoint.state().topics();
        int partitionCount = topics.stream().mapToInt(Topic::partitionCount).sum();
        return new FileFacts.CheckpointFile(
                Checkpoint.FILE_NAME,
                bytes,
                checkpoint.manifest().end(),
                checkpoint.manifest().segments().size(),
                checkpoint.sealed().files().size(),
                topics.size(),
                partitionCount);
    }

    private FileFacts segment(String name, long bytes, Optional<LogManifest> manifest) throws IOException {
        try (SegmentReader segment = SegmentReader.openForHeaders(storage, name)) {
            RoundRange rounds = RoundRange.NONE;
            Optional<RoundFacts> next = segment.nextHeader();
            while (next.isPresent()) {
                RoundFacts round = next.get();
                long first = rounds.count() == 0 ? round.sequence() : rounds.firstSequence();
                rounds = new RoundRange(rounds.count() + 1, first, round.sequence(), round.timeMillis());
                next = segment.nextHeader();
            }
            SegmentState state = isFreed(segment.basePosition(), manifest)
                    ? SegmentState.FREED
                    : rounds.count() == 0 ? SegmentState.PREPARED : SegmentState.WRITTEN;
            return new FileFacts.SegmentFile(name, bytes, state, segment.basePosition(), segment.endPosition(), rounds);
        }
    }

    private FileFacts sealed(String name, long bytes, Optional<Checkpoint> checkpoint) throws IOException {
        Optional<SealedManifest.Name> named = named(name, checkpoint);
        try (SealedInspection file = SealedInspection.open(storage, name, identity(storage), named)) {
            List<SealedRun> runs = file.footer().runs();
            return new FileFacts.SealedFile(
                    name,
                    bytes,
                    named.isPresent() ? SealedState.NAMED : SealedState.UNNAMED,
                    runs.size(),
                    (int) runs.stream().map(SealedRun::partitionId).distinct().count(),
                    runs.stream().mapToLong(SealedRun::batchCount).sum());
        }
    }

    /// What the checkpoint says of a sealed file.
    static Optional<SealedManifest.Name> named(String name, Optional<Checkpoint> checkpoint) {
        long number = SealedInspection.number(name);
        return checkpoint.flatMap(known -> known.sealed().files().stream()
                .filter(file -> file.number() == number)
                .findFirst());
    }

    static LogIdentity identity(WalStorage storage) throws IOException {
        return StoreRecovery.readIdentity(storage)
                .orElseThrow(() -> new CorruptLogException(
                        StoreRecovery.IDENTITY_FILE, 0, "the file with the cluster's id is missing"));
    }

    private static boolean isFreed(long basePosition, Optional<LogManifest> manifest) {
        return manifest.filter(known -> basePosition < known.end().position())
                .filter(known -> known.segments().stream().noneMatch(named -> named.basePosition() == basePosition))
                .isPresent();
    }
}
