package io.millrace.e2e.journal;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/// Entries in the order in which they were acknowledged, or read.
///
/// Threads: any may add.
public final class Journal {
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    /// The queue itself counts by going through it, and some ask all the time.
    private final AtomicInteger size = new AtomicInteger();

    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();

    public void add(Place place, byte[] key, byte[] value) {
        add(new Entry(place, Origin.fromKey(key), Hash.of(value), System.nanoTime()));
    }

    public void add(Entry entry) {
        entries.add(entry);
        size.incrementAndGet();
        Place place = entry.place();
        ends.merge(new TopicPartition(place.topic(), place.partition()), place.offset() + 1, Math::max);
    }

    /// The offset behind the last record of each partition.
    public Map<TopicPartition, Long> ends() {
        return Map.copyOf(ends);
    }

    /// The offset behind the last record, 0 if there is none.
    public long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    public boolean reaches(Map<TopicPartition, Long> wanted) {
        return wanted.entrySet().stream().allMatch(each -> end(each.getKey()) >= each.getValue());
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
        return size.get();
    }
}
