package io.millrace.walstore.inspect;

import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.TopicId;
import io.millrace.partition.Entry;
import io.millrace.partition.SealedRun;
import io.millrace.store.DumpReader;
import io.millrace.store.LogInspector;
import io.millrace.store.SegmentCheck;
import io.millrace.wal.SegmentReader.RoundFacts;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// `dump`: what the log holds, in its order.
///
/// Threads: one.
final class Dump implements DumpReader {

    private static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};

    private final LogInspector inspector;
    private final Printer printer;
    private final Optional<PartitionChoice> choice;

    Dump(LogInspector inspector, Printer printer, Optional<PartitionChoice> choice) {
        this.inspector = inspector;
        this.printer = printer;
        this.choice = choice;
    }

    /// Prints everything, or what was chosen.
    ///
    /// @return whether all of it could be read
    boolean run() throws IOException {
        return inspector.dump(this);
    }

    @Override
    public void round(String fileName, RoundFacts round) throws IOException {
        if (choice.isEmpty()) {
            printer.print(new Line("round")
                    .with("sequence", round.sequence())
                    .with("file", fileName)
                    .with("position", round.position())
                    .with("bytes", round.frameBytes())
                    .with("entries", round.recordCount())
                    .with("time", Instant.ofEpochMilli(round.timeMillis())));
        }
    }

    @Override
    public void run(String fileName, SealedRun run) throws IOException {
        if (choice.isEmpty()) {
            printer.print(new Line("run")
                    .with("file", fileName)
                    .with("file-position", run.filePosition())
                    .with("bytes", run.bytes())
                    .with("first-offset", run.firstOffset())
                    .with("end-offset", run.endOffset())
                    .with("batches", run.batchCount()));
        }
    }

    @Override
    public void entry(DumpedEntry dumped, Map<TopicId, String> topicNames) throws IOException {
        if (choice.isEmpty()) {
            printer.printBelow(line(dumped, topicNames));
        } else if (isChosen(choice.get(), dumped.entry(), topicNames)) {
            printer.print(line(dumped, topicNames).with("file", dumped.fileName()));
        }
    }

    private static boolean isChosen(PartitionChoice chosen, Entry entry, Map<TopicId, String> topicNames) {
        return switch (entry) {
            case Entry.BatchAppended appended ->
                chosen.isOf(appended.partitionId(), topicNames)
                        && appended.batch().lastOffset() >= chosen.fromOffset();
            case Entry.LogStartMoved moved -> chosen.isOf(moved.partitionId(), topicNames);
            case Entry.OwnerStarted _,
                    Entry.TopicStored _,
                    Entry.TopicDeleted _,
                    Entry.ProducerIdsGiven _,
                    Entry.ResourceStored _ -> false;
        };
    }

    private static Line line(DumpedEntry dumped, Map<TopicId, String> topicNames) {
        Line line = switch (dumped.entry()) {
            case Entry.BatchAppended appended -> batch(appended, topicNames);
            case Entry.LogStartMoved moved ->
                new Line("log-start-moved")
                        .with("partition", name(moved.partitionId(), topicNames))
                        .with("offset", moved.logStartOffset());
            case Entry.OwnerStarted started -> new Line("owner-started").with("epoch", started.ownerEpoch());
            case Entry.TopicStored stored ->
                new Line("topic-stored")
                        .with("name", stored.topic().name())
                        .with("id", stored.topic().id())
                        .with("partitions", stored.topic().partitionCount())
                        .with("configs", stored.topic().configs());
            case Entry.TopicDeleted deleted ->
                new Line("topic-deleted")
                        .with("name", topicNames.getOrDefault(deleted.topicId(), "unknown"))
                        .with("id", deleted.topicId());
            case Entry.ResourceStored stored ->
                new Line("resource-stored")
                        .with("kind", stored.resource().kind())
                        .with("name", stored.resource().name())
                        .with("configs", stored.configs());
            case Entry.ProducerIdsGiven given ->
                new Line("producer-ids-given").with("first", given.firstId()).with("count", given.count());
        };
        return line.with("bytes", dumped.sizeInLog()).with("file-position", dumped.filePosition());
    }

    private static Line batch(Entry.BatchAppended appended, Map<TopicId, String> topicNames) {
        RecordBatch batch = appended.batch();
        Line line = new Line("batch")
                .with("partition", name(appended.partitionId(), topicNames))
                .with("first-offset", batch.baseOffset())
                .with("last-offset", batch.lastOffset())
                .with("records", batch.recordCount())
                .with("leader-epoch", batch.leaderEpoch());
        if (batch.hasProducerId()) {
            line.with("producer", batch.producerId())
                    .with("producer-epoch", batch.producerEpoch())
                    .with("first-sequence", batch.baseSequence());
        }
        if (batch.isTransactional()) {
            line.with("transactional", true);
        }
        if (batch.isControl()) {
            line.with("control", true);
        }
        return line.with("compression", codec(batch))
                .with("first-time", Instant.ofEpochMilli(batch.baseTimestamp()))
                .with("max-time", Instant.ofEpochMilli(batch.maxTimestamp()))
                .with("batch-bytes", batch.sizeInBytes());
    }

    private static String codec(RecordBatch batch) {
        int code = batch.compressionCode();
        return code < CODECS.length ? CODECS[code] : Integer.toString(code);
    }

    /// The topic's id where no entry says its name any more.
    private static String name(PartitionId partitionId, Map<TopicId, String> topicNames) {
        String topic = Objects.requireNonNullElse(
                topicNames.get(partitionId.topicId()), partitionId.topicId().toString());
        return topic + "/" + partitionId.partition();
    }

    @Override
    public void unreadable(String fileName, SegmentCheck.Place place) throws IOException {
        printer.print(new Line("unreadable")
                .with("file", fileName)
                .with("file-position", place.filePosition())
                .with("because", place.what()));
    }
}
