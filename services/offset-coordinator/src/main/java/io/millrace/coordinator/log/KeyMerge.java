package io.millrace.coordinator.log;

import io.millrace.model.Invariant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What a run of batches leaves of each record key: its last value, or its removal.
///
/// A load merges the whole tail into the entries with it, a fold merges a piece of the tail; so both agree.
///
/// Threads: confined to the caller.
final class KeyMerge {

    private final Function<byte[], List<GroupRecord>> reader;
    private final Map<RecordKey, Optional<GroupEntry>> last = new HashMap<>();

    KeyMerge(Function<byte[], List<GroupRecord>> reader) {
        this.reader = reader;
    }

    void startFrom(GroupEntry entry) {
        last.put(RecordKey.of(entry.key()), Optional.of(entry));
    }

    void apply(long firstSequence, StoredBatch batch) {
        switch (batch.kind()) {
            case BARRIER -> {}
            case RECORDS -> applyRecords(firstSequence, reader.apply(batch.bytes()), batch.count());
        }
    }

    private void applyRecords(long firstSequence, List<GroupRecord> records, int count) {
        Invariant.check(records.size() == count, "a batch takes one sequence per record");
        long sequence = firstSequence;
        for (GroupRecord record : records) {
            long at = sequence++;
            last.put(RecordKey.of(record.key()), record.value().map(value -> new GroupEntry(at, record.key(), value)));
        }
    }

    /// An empty value is a removal.
    Map<RecordKey, Optional<GroupEntry>> changes() {
        return last;
    }

    /// The values that are left, in the order in which they were written.
    List<GroupEntry> entries() {
        List<GroupEntry> entries = new ArrayList<>(last.size());
        last.values().forEach(entry -> entry.ifPresent(entries::add));
        entries.sort(Comparator.comparingLong(GroupEntry::sequence));
        return entries;
    }
}
