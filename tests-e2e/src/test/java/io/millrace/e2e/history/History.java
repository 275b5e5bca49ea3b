package io.millrace.e2e.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// All events of one run.
///
/// Threads: any may add.
final class History {
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();

    void add(Event event) {
        events.add(event);
    }

    /// In the order in which they were known.
    List<Event> events() {
        List<Event> ordered = new ArrayList<>(events);
        ordered.sort(Comparator.comparingLong(Event::end));
        return ordered;
    }

    <T extends Event> List<T> all(Class<T> kind) {
        return events().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T extends Event> long count(Class<T> kind) {
        return events.stream().filter(kind::isInstance).count();
    }
}
