package io.millrace.e2e.journal;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Entries in the order in which they were acknowledged, or read.
///
/// Threads: any may add.
public final class Journal {
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

    public void add(Place place, byte[] key, byte[] value) {
        entries.add(new Entry(place, Origin.fromKey(key), Hash.of(value), System.nanoTime()));
    }

    public void add(Entry entry) {
        entries.add(entry);
    }

    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    public List<Entry> entriesOf(String topic) {
        return entries.stream()
                .filter(entry -> entry.place().topic().equals(topic))
                .toList();
    }

    public int size() {
        return entries.size();
    }
}
