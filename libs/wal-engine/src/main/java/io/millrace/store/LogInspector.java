package io.millrace.store;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.Survivors;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.partition.Entry;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.SealedRun;
import io.millrace.sealed.SealedCursor;
import io.millrace.sealed.SealedInspection;
import io.millrace.store.DumpReader.DumpedEntry;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.DamagedRecordException;
import io.millrace.wal.RecordCursor;
import io.millrace.wal.SegmentReader;
import io.millrace.wal.SegmentReader.Found;
import io.millrace.wal.SegmentReader.RoundFacts;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Looks at the files of a log that no process works on, and changes none of them.
///
/// Memory: one round at a time and the names of the topics; [#forecast] needs what a start needs.
///
/// Threads: one.
/// Errors: [IOException] when a file cannot be read; damage is an answer.
public final class LogInspector {

    private final WalStorage storage;
    private final StoreEnvironment environment;

    /// @param clock and the following: for the rehearsal of a start
    public LogInspector(WalStorage storage, Clock clock, NanoClock nanoClock, RandomGenerator random) {
        this.storage = storage;
        this.environment = new StoreEnvironment(clock, nanoClock, random, new NoCleaner());
    }

    /// A start cleans no batches, and who looks at a log need not know their inside.
    private static final class NoCleaner implements BatchCleaner {

        @Override
        public void readKeys(RecordBatch batch, KeyedRecord each) {
            throw new IllegalStateException("nothing is compacted by who only looks");
        }

        @Override
        public Optional<TimedRecord> find(RecordBatch batch, TimedRecord least) {
            throw new IllegalStateException("nothing is searched by who only looks");
        }

        @Override
        public Optional<RecordBatch> clean(RecordBatch batch, Survivors survivors) {
            throw new IllegalStateException("nothing is compacted by who only looks");
        }
    }

    /// Whether there is anything of a log.
    public boolean isLog() throws IOException {
        return storage.list().stream()
                .anyMatch(name -> SegmentReader.isSegment(name) || name.equals(StoreRecovery.IDENTITY_FILE));
    }

    /// Every file, segments in the order of the log.
    public List<FileFacts> list() throws IOException {
        return new FileListing(storage).list();
    }

    /// In the order of the log.
    public List<String> segmentNames() throws IOException {
        return FileListing.segmentNames(storage);
    }

    /// Reads everything of a segment and compares every checksum: of rounds, records and batches.
    public SegmentCheck check(String segmentName) throws IOException {
        SegmentCheck check = SegmentCheck.begun(segmentName);
        try (SegmentReader segment = SegmentReader.open(storage, segmentName)) {
            while (true) {
                switch (segment.next()) {
                    case Found.Round(RoundFacts round, RecordCursor records) ->
                        check = checkRecords(check.withRound(round.frameBytes()), segment, records);
                    case Found.Unused() -> {
                        return check;
                    }
                    case Found.Unreadable(long filePosition, String what) -> {
                        return check.withUnreadable(new SegmentCheck.Place(filePosition, what));
                    }
                }
            }
        } catch (CorruptLogException e) {
            return check.withUnreadable(new SegmentCheck.Place(e.filePosition(), e.what()));
        }
    }

    /// Sealed files, in the order in which they were written.
    public List<String> sealedNames() throws IOException {
        return FileListing.sealedNames(storage);
    }

    /// Reads everything of a sealed file and compares every checksum: of records, batches and the footer.
    public SealedCheck checkSealed(String fileName) throws IOException {
        try (SealedInspection file = sealed(fileName)) {
            return new SealedCheck(fileName, Optional.of(file.check()), Optional.empty());
        } catch (CorruptLogException e) {
            SegmentCheck.Place place = new SegmentCheck.Place(e.filePosition(), e.what());
            return new SealedCheck(fileName, Optional.empty(), Optional.of(place));
        }
    }

    private SealedInspection sealed(String fileName) throws IOException {
        return SealedInspection.open(
                storage,
                fileName,
                FileListing.identity(storage),
                FileListing.named(fileName, FileListing.readableCheckpoint(storage)));
    }

    private static SegmentCheck checkRecords(SegmentCheck check, SegmentReader segment, RecordCursor records) {
        SegmentCheck checked = check;
        while (records.next()) {
            boolean isBatch = EntryCodec.isBatch(records.type());
            if (isBatch) {
                checked = checked.withBatch();
            }
            if (!records.isWhole()
                    || (isBatch && !EntryCodec.batch(records.body()).hasValidChecksum())) {
                // The round's own checksum matches, so this was written so.
                checked = checked.withBadRecord(new SegmentCheck.Place(
                        segment.filePosition(records.position()),
                        "the checksum of a record or its batch does not match, although that of its round does"));
            }
        }
        return checked;
    }

    /// Runs the recovery of a start, and writes nothing of what it would write.
    public StartForecast forecast() throws IOException {
        StoreRecovery recovery =
                new StoreRecovery(new RehearsalStorage(storage), WalOptions.defaults(), environment, (_, _) -> {});
        try {
            StoreRecovery.Result recovered = recovery.run();
            recovered.log().close();
            recovered.files().close();
            return new StartForecast.Starts(
                    recovered.log().end(),
                    recovered.report().wasClean(),
                    recovered.report().tornBytes());
        } catch (CorruptLogException e) {
            return new StartForecast.Refuses(e.fileName(), e.filePosition(), e.what());
        }
    }

    /// Reads every round and hands its entries on.
    ///
    /// @return whether all of it could be read
    public boolean dump(DumpReader reader) throws IOException {
        Map<TopicId, String> topicNames = new HashMap<>();
        FileListing.readableCheckpoint(storage)
                .ifPresent(checkpoint ->
                        checkpoint.state().topics().forEach(topic -> topicNames.put(topic.id(), topic.name())));
        boolean isWhole = true;
        for (String name : sealedNames()) {
            isWhole &= dumpSealed(name, reader, topicNames);
        }
        for (String name : segmentNames()) {
            isWhole &= dumpSegment(name, reader, topicNames);
        }
        return isWhole;
    }

    private boolean dumpSealed(String name, DumpReader reader, Map<TopicId, String> topicNames) throws IOException {
        try (SealedInspection file = sealed(name)) {
            for (SealedRun run : file.footer().runs()) {
                reader.run(name, run);
                SealedCursor records = file.records(run.filePosition(), run.endPosition());
                if (!dumpRun(name, records, reader, topicNames)) {
                    return false;
                }
            }
            return true;
        } catch (CorruptLogException e) {
            reader.unreadable(name, new SegmentCheck.Place(e.filePosition(), e.what()));
            return false;
        }
    }

    private static boolean dumpRun(
            String name, SealedCursor records, DumpReader reader, Map<TopicId, String> topicNames) throws IOException {
        try {
            while (records.next()) {
                Entry batch = EntryCodec.decode(
                        records.record().type(), records.record().body());
                int size = records.bytes().remaining();
                reader.entry(new DumpedEntry(batch, name, records.filePosition(), size), topicNames);
            }
            return true;
        } catch (DamagedRecordException e) {
            reader.unreadable(name, new SegmentCheck.Place(records.filePosition(), String.valueOf(e.getMessage())));
            return false;
        }
    }

    private boolean dumpSegment(String name, DumpReader reader, Map<TopicId, String> topicNames) throws IOException {
        try (SegmentReader segment = SegmentReader.open(storage, name)) {
            while (true) {
                switch (segment.next()) {
                    case Found.Round(RoundFacts round, RecordCursor records) -> {
                        reader.round(name, round);
                        while (records.next()) {
                            reader.entry(entry(segment, records, topicNames), topicNames);
                        }
                    }
                    case Found.Unused() -> {
                        return true;
                    }
                    case Found.Unreadable(long filePosition, String what) -> {
                        reader.unreadable(name, new SegmentCheck.Place(filePosition, what));
                        return false;
                    }
                }
            }
        } catch (CorruptLogException e) {
            reader.unreadable(name, new SegmentCheck.Place(e.filePosition(), e.what()));
            return false;
        }
    }

    private static DumpedEntry entry(SegmentReader segment, RecordCursor records, Map<TopicId, String> topicNames) {
        Entry entry = EntryCodec.decode(records.type(), records.body());
        if (entry instanceof Entry.TopicStored(Topic topic)) {
            topicNames.put(topic.id(), topic.name());
        }
        return new DumpedEntry(
                entry, segment.fileName(), segment.filePosition(records.position()), records.sizeInLog());
    }
}
