package io.millrace.store;

import io.millrace.model.TopicId;
import io.millrace.partition.Entry;
import io.millrace.wal.SegmentReader.RoundFacts;
import java.io.IOException;
import java.util.Map;

/// Gets the content of a log in order.
///
/// Threads: the one that dumps.
public interface DumpReader {

    /// A round begins.
    void round(String fileName, RoundFacts round) throws IOException;

    /// One entry of the round.
    ///
    /// Ownership: a batch is lent for the call.
    ///
    /// @param topicNames of all topics that the checkpoint or an earlier entry names, deleted ones too
    void entry(DumpedEntry entry, Map<TopicId, String> topicNames) throws IOException;

    /// The rest of this segment cannot be read.
    void unreadable(String fileName, SegmentCheck.Place place) throws IOException;

    /// An entry and its record's place.
    ///
    /// @param sizeInLog with the record's header and padding
    record DumpedEntry(Entry entry, long position, long filePosition, int sizeInLog) {}
}
