package io.millrace.e2e.journal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Compares what was acknowledged with what was read, from offset 0 of each partition to its end.
///
/// Errors: an assertion error that lists the first of the differences.
public final class Comparison {
    private static final int SHOWN = 20;

    private final List<Entry> acknowledged;
    private final List<Entry> read;
    private final List<String> problems = new ArrayList<>();

    private Comparison(List<Entry> acknowledged, List<Entry> read) {
        this.acknowledged = acknowledged;
        this.read = read;
    }

    private record Lane(String topic, int partition, String producer) {}

    private record Partition(String topic, int partition) {
        static Partition of(Entry entry) {
            return new Partition(entry.place().topic(), entry.place().partition());
        }
    }

    public static Comparison of(List<Entry> acknowledged, List<Entry> read) {
        return new Comparison(acknowledged, read);
    }

    /// The same set, each record once, offsets without a gap, each producer's records in the order sent.
    public void assertEqual() {
        checkAcknowledgedIsRead();
        checkReadWasAcknowledged();
        checkOnceEach();
        checkOffsets();
        checkOrder();
        report();
    }

    /// As `assertEqual`, but what was never acknowledged may be there too: its sender was told that its fate is
    /// unknown.
    public void assertAcknowledgedIsSubset() {
        checkAcknowledgedIsRead();
        checkOnceEach();
        checkOffsets();
        checkOrder();
        report();
    }

    private void checkAcknowledgedIsRead() {
        Map<Place, Entry> places = new HashMap<>();
        read.forEach(entry -> places.put(entry.place(), entry));
        for (Entry promised : acknowledged) {
            Entry found = places.get(promised.place());
            if (found == null) {
                problems.add("lost: " + promised);
            } else if (!found.isSameRecordAs(promised)) {
                problems.add("changed: " + promised + " was read as " + found);
            }
        }
    }

    private void checkReadWasAcknowledged() {
        Map<Place, Entry> places = new HashMap<>();
        acknowledged.forEach(entry -> places.put(entry.place(), entry));
        for (Entry found : read) {
            if (!places.containsKey(found.place())) {
                problems.add("never acknowledged: " + found);
            }
        }
    }

    private void checkOnceEach() {
        Map<Origin, Entry> seen = new HashMap<>();
        for (Entry found : read) {
            Entry earlier = seen.putIfAbsent(found.origin(), found);
            if (earlier != null) {
                problems.add("twice: " + earlier + " and " + found);
            }
        }
        Map<Origin, Entry> promised = new HashMap<>();
        for (Entry promise : acknowledged) {
            Entry earlier = promised.putIfAbsent(promise.origin(), promise);
            if (earlier != null) {
                problems.add("acknowledged twice: " + earlier + " and " + promise);
            }
        }
    }

    private void checkOffsets() {
        Map<Partition, Long> next = new HashMap<>();
        for (Entry found : read) {
            long expected = next.getOrDefault(Partition.of(found), 0L);
            if (found.place().offset() != expected) {
                problems.add("expected offset " + expected + ", got " + found);
            }
            next.put(Partition.of(found), found.place().offset() + 1);
        }
    }

    private void checkOrder() {
        Map<Lane, Entry> last = new HashMap<>();
        for (Entry found : read) {
            Lane lane = new Lane(
                    found.place().topic(),
                    found.place().partition(),
                    found.origin().producer());
            Entry earlier = last.put(lane, found);
            if (earlier != null && earlier.origin().sequence() >= found.origin().sequence()) {
                problems.add("out of order: " + found + " after " + earlier);
            }
        }
    }

    private void report() {
        if (problems.isEmpty()) {
            return;
        }
        Map<String, Integer> kinds = new TreeMap<>();
        problems.forEach(problem -> kinds.merge(problem.substring(0, problem.indexOf(' ')), 1, Integer::sum));
        List<String> first = problems.subList(0, Math.min(SHOWN, problems.size()));
        throw new AssertionError(acknowledged.size() + " acknowledged, " + read.size() + " read, problems " + kinds
                + "\n" + String.join("\n", first));
    }
}
