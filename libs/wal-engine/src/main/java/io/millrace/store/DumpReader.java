package io.millrace.store;

import io.millrace.model.TopicId;
import io.millrace.partition.Entry;
import io.millrace.partition.SealedRun;
import io.millrace.wal.SegmentReader.RoundFacts;
import java.io.IOException;
import java.util.Map;

/// Gets the content of a log: sealed files first, then the segments, each in order.
///
/// Threads: the one that dumps.
public interface DumpReader {

    /// A round begins.
    void round(String fileName, RoundFacts round) throws IOException;

    /// A run of a sealed file begins.
    void run(String fileName, SealedRun run) throws IOException;

    /// One entry of the round, or one batch of the run.
    ///
    /// Ownership: a batch is lent for the call.
    ///
    /// @param topicNames of all topics that the checkpoint or an earlier entry names, deleted ones too
    void entry(DumpedEntry entry, Map<TopicId, String> topicNames) throws IOException;

    /// The rest of this file cannot be read.
    void unreadable(String fileName, SegmentCheck.Place place) throws IOException;

    /// An entry and its record's place.
    ///
    /// @param sizeInLog with the record's header and padding
    record DumpedEntry(Entry entry, String fileName, long filePosition, int sizeInLog) {}
}
