package io.millrace.wal;

import io.millrace.wal.LogManifest.SegmentEnd;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads a log back: which segments there must be, every round in order, then the tail.
///
/// Threads: one, once.
final class LogRecovery {

    private final WalStorage storage;
    private final SegmentOptions options;
    private final RecoveryPlan plan;
    /// What the checkpoint names, none if there is no checkpoint.
    private final List<SegmentEnd> named;
    private final TreeMap<Long, Segment> found = new TreeMap<>();

    LogRecovery(WalStorage storage, SegmentOptions options, RecoveryPlan plan) {
        this.storage = storage;
        this.options = options;
        this.plan = plan;
        this.named = plan.manifest().map(LogManifest::segments).orElse(List.of());
    }

    WriteAheadLog run() throws IOException {
        try {
            openSegments();
            checkNamed();
            freeUnnamed();
            checkContiguous();
            return recovered();
        } catch (IOException e) {
            for (Segment segment : found.values()) {
                segment.release();
            }
            throw e;
        }
    }

    private void openSegments() throws IOException {
        for (String name : storage.list()) {
            if (Segment.isLeftover(name) || CheckedFile.isLeftover(name)) {
                storage.delete(name);
            } else if (Segment.isSegment(name)) {
                Segment segment = Segment.open(storage, name, plan.identity());
                found.put(segment.basePosition(), segment);
            }
        }
    }

    private void checkNamed() throws CorruptLogException {
        for (SegmentEnd segment : named) {
            if (!found.containsKey(segment.basePosition())) {
                throw missing(segment.basePosition());
            }
        }
    }

    /// What lies before the checkpoint and is not named by it was to be deleted when the process ended.
    private void freeUnnamed() throws IOException {
        Set<Long> keep = named.stream().map(SegmentEnd::basePosition).collect(Collectors.toSet());
        List<Segment> unnamed = found.headMap(manifestEnd()).values().stream()
                .filter(segment -> !keep.contains(segment.basePosition()))
                .toList();
        for (Segment segment : unnamed) {
            delete(segment);
        }
        if (!unnamed.isEmpty()) {
            storage.forceDirectory();
        }
    }

    private void delete(Segment segment) throws IOException {
        found.remove(segment.basePosition());
        storage.delete(segment.file().name());
        segment.release();
    }

    /// From the checkpoint's last segment on, or from the first of all, no segment is missing.
    private void checkContiguous() throws CorruptLogException {
        long expected = named.isEmpty() ? 0 : named.getLast().basePosition();
        for (Segment segment : found.tailMap(expected).values()) {
            if (segment.basePosition() != expected) {
                throw missing(expected);
            }
            expected = segment.header().endOfSegment();
        }
        long cleanEnd = plan.cleanEnd().map(LogEnd::position).orElse(0L);
        if (Math.max(manifestEnd(), cleanEnd) > expected) {
            throw missing(expected);
        }
    }

    private long manifestEnd() {
        return plan.manifest().map(manifest -> manifest.end().position()).orElse(0L);
    }

    private static CorruptLogException missing(long basePosition) {
        return new CorruptLogException(Segment.fileName(basePosition), 0, "the segment file is missing");
    }

    private WriteAheadLog recovered() throws IOException {
        long bytes = found.values().stream()
                .mapToLong(segment -> segment.header().segmentBytes())
                .sum();
        RoundReplay replay = new RoundReplay(plan, bytes);
        List<Segment> full = readFull(replay);
        long tailPosition = named.isEmpty() ? 0 : named.getLast().basePosition();
        List<Segment> tail = new ArrayList<>(found.tailMap(tailPosition).values());
        LogTail.Recovered end = new LogTail(replay, plan, tail).read();
        full.addAll(end.written());
        RecoveryFacts facts = new RecoveryFacts(
                plan.cleanEnd().filter(end.end()::equals).isPresent(),
                full.size(),
                replay.roundCount(),
                replay.roundBytes(),
                end.tornBytes());
        return opened(full, end, facts);
    }

    /// Reads the segments that were full when the checkpoint was taken.
    private List<Segment> readFull(RoundReplay replay) throws IOException {
        List<Segment> full = new ArrayList<>();
        long expected = 0;
        replay.continueFrom(LogEnd.ofEmptyLog());
        for (int i = 0; i < named.size(); i++) {
            Segment segment = Objects.requireNonNull(found.get(named.get(i).basePosition()));
            if (segment.basePosition() != expected) {
                replay.continueFrom(null);
            }
            expected = segment.header().endOfSegment();
            if (i == named.size() - 1) {
                break;
            }
            replay.read(segment);
            if (segment.endPosition() != named.get(i).endPosition()) {
                throw segment.corrupt(
                        segment.endPosition(),
                        "the log is readable only to here, but the checkpoint says that the segment ends at byte "
                                + (named.get(i).endPosition() - segment.basePosition()));
            }
            full.add(segment);
        }
        return full;
    }

    private WriteAheadLog opened(List<Segment> written, LogTail.Recovered tail, RecoveryFacts facts)
            throws IOException {
        List<Segment> prepared = new ArrayList<>(tail.unused());
        boolean isOtherSize =
                prepared.stream().anyMatch(segment -> segment.header().segmentBytes() != options.segmentBytes());
        if (isOtherSize) {
            // The configuration changed: a round that fits into a new segment may not fit into these.
            for (Segment segment : prepared) {
                delete(segment);
            }
            prepared.clear();
            storage.forceDirectory();
        }
        Segment active = written.isEmpty() ? null : written.getLast();
        long nextBasePosition =
                found.isEmpty() ? 0 : found.lastEntry().getValue().header().endOfSegment();
        SegmentPool pool = new SegmentPool(
                storage, plan.identity(), options, new SegmentPool.Recovered(prepared, nextBasePosition));
        SegmentWriter writer = new SegmentWriter(pool, options.reserveBytes(), tail.end(), active);
        return new WriteAheadLog(storage, pool, writer, new WriteAheadLog.Opened(written, facts));
    }
}
