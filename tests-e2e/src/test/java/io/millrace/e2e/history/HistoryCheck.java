package io.millrace.e2e.history;

import io.millrace.e2e.history.Event.Acknowledged;
import io.millrace.e2e.history.Event.Committed;
import io.millrace.e2e.history.Event.CommittedTold;
import io.millrace.e2e.history.Event.EndTold;
import io.millrace.e2e.history.Event.Read;
import io.millrace.e2e.history.Event.Sent;
import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Origin;
import io.millrace.e2e.journal.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/// The rules: nothing acknowledged is lost, nothing is invented, nothing is there twice, an offset has one value for
/// ever, a producer's records keep their order, readers see no gap, ends and committed offsets never go back, and in
/// the end everything that was told to be there can be read.
///
/// Threads: one, once.
final class HistoryCheck {

    /// Reads everything from the first offset on when nothing happens any more.
    static final String LAST_READER = "the last reader";

    private static final int SHOWN = 5;

    private final History history;
    private final List<Violation> violations = new ArrayList<>();

    private HistoryCheck(History history) {
        this.history = history;
    }

    private record Lane(String reader, TopicPartition partition) {}

    private record Subject(String name, TopicPartition partition) {}

    /// What was known at a time: no answer to a later question may be lower.
    private record Fact(Subject subject, long offset, Event event) {}

    /// Whatever breaks a rule, the shortest pieces first.
    static List<Violation> violations(History history) {
        HistoryCheck check = new HistoryCheck(history);
        check.eachOffsetHasOneValue();
        check.nothingIsInvented();
        check.nothingIsThereTwice();
        check.readersSeeNoGap();
        check.producersKeepTheirOrder();
        check.endsNeverGoBack();
        check.committedOffsetsNeverGoBack();
        check.whatWasPromisedIsThereInTheEnd();
        check.violations.sort(Violation.SHORTEST_FIRST);
        return check.violations;
    }

    static void assertKept(History history) {
        List<Violation> violations = violations(history);
        if (!violations.isEmpty()) {
            Map<String, Long> rules = violations.stream()
                    .collect(Collectors.groupingBy(Violation::rule, TreeMap::new, Collectors.counting()));
            throw new AssertionError("the history breaks " + rules + "\n"
                    + violations.stream().limit(SHOWN).map(Violation::toString).collect(Collectors.joining("\n")));
        }
    }

    private void violation(String rule, Event... piece) {
        violations.add(new Violation(rule, List.of(piece)));
    }

    private static TopicPartition partition(Entry entry) {
        return new TopicPartition(entry.place().topic(), entry.place().partition());
    }

    private void eachOffsetHasOneValue() {
        Map<Place, Event> first = new HashMap<>();
        for (Event event : history.events()) {
            if (event instanceof Acknowledged || event instanceof Read) {
                Entry entry = entry(event);
                Event known = first.putIfAbsent(entry.place(), event);
                if (known != null && !entry(known).isSameRecordAs(entry)) {
                    violation("an offset has one value for ever", known, event);
                }
            }
        }
    }

    private static Entry entry(Event event) {
        return switch (event) {
            case Acknowledged acknowledged -> acknowledged.entry();
            case Read read -> read.entry();
            default -> throw new IllegalArgumentException(event + " is of no record");
        };
    }

    private void nothingIsInvented() {
        Map<Origin, Sent> sent = history.all(Sent.class).stream().collect(Collectors.toMap(Sent::origin, each -> each));
        for (Read read : history.all(Read.class)) {
            Sent origin = sent.get(read.entry().origin());
            if (origin == null) {
                violation("what is read was sent", read);
            } else if (!origin.value().equals(read.entry().value())
                    || !origin.partition().equals(partition(read.entry()))) {
                violation("what is read was sent so", origin, read);
            }
        }
    }

    private void nothingIsThereTwice() {
        Map<Origin, Event> first = new HashMap<>();
        Stream.concat(history.all(Acknowledged.class).stream(), history.all(Read.class).stream())
                .forEach(event -> {
                    Event known = first.putIfAbsent(entry(event).origin(), event);
                    if (known != null
                            && !entry(known).place().equals(entry(event).place())) {
                        violation("a record is there once", known, event);
                    }
                });
    }

    private void readersSeeNoGap() {
        Map<Lane, Read> last = new HashMap<>();
        for (Read read : history.all(Read.class)) {
            Read before = last.put(new Lane(read.reader(), partition(read.entry())), read);
            long expected = before == null ? 0 : before.entry().place().offset() + 1;
            if (read.entry().place().offset() != expected) {
                violation("a reader gets each offset once, one after the other", before == null ? read : before, read);
            }
        }
    }

    private void producersKeepTheirOrder() {
        List<Read> byPlace = history.all(Read.class).stream()
                .sorted(Comparator.comparing(read -> read.entry().place()))
                .toList();
        Map<Lane, Read> last = new HashMap<>();
        for (Read read : byPlace) {
            Origin origin = read.entry().origin();
            Read before = last.put(new Lane(origin.producer(), partition(read.entry())), read);
            if (before != null && before.entry().origin().sequence() > origin.sequence()) {
                violation("a producer's records keep their order", before, read);
            }
        }
    }

    private void endsNeverGoBack() {
        List<Fact> facts = new ArrayList<>();
        List<Fact> answers = new ArrayList<>();
        for (Event event : history.events()) {
            switch (event) {
                case EndTold told -> {
                    Fact fact = new Fact(new Subject("end", told.partition()), told.offset(), told);
                    facts.add(fact);
                    answers.add(fact);
                }
                case Acknowledged _, Read _ -> {
                    Entry entry = entry(event);
                    facts.add(new Fact(
                            new Subject("end", partition(entry)), entry.place().offset() + 1, event));
                }
                case Sent _, Committed _, CommittedTold _ -> {
                    // These tell nothing of ends.
                }
            }
        }
        neverLower("an end never goes back", facts, answers);
    }

    private void committedOffsetsNeverGoBack() {
        List<Fact> facts = new ArrayList<>();
        List<Fact> answers = new ArrayList<>();
        for (Committed done : history.all(Committed.class)) {
            facts.add(new Fact(new Subject(done.group(), done.partition()), done.offset(), done));
        }
        for (CommittedTold told : history.all(CommittedTold.class)) {
            Fact fact = new Fact(new Subject(told.group(), told.partition()), told.offset(), told);
            facts.add(fact);
            answers.add(fact);
        }
        neverLower("a committed offset never goes back", facts, answers);
    }

    private void neverLower(String rule, List<Fact> facts, List<Fact> answers) {
        List<Fact> known = new ArrayList<>(facts);
        known.sort(Comparator.comparingLong(fact -> fact.event().end()));
        List<Fact> asked = new ArrayList<>(answers);
        asked.sort(Comparator.comparingLong(fact -> fact.event().begin()));
        Map<Subject, Fact> highest = new HashMap<>();
        int next = 0;
        for (Fact answer : asked) {
            for (;
                    next < known.size()
                            && known.get(next).event().end() < answer.event().begin();
                    next++) {
                highest.merge(
                        known.get(next).subject(),
                        known.get(next),
                        (one, other) -> one.offset() >= other.offset() ? one : other);
            }
            Fact before = highest.get(answer.subject());
            if (before != null && answer.offset() < before.offset()) {
                violation(rule, before.event(), answer.event());
            }
        }
    }

    private void whatWasPromisedIsThereInTheEnd() {
        Map<Place, Read> there = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Read read : history.all(Read.class)) {
            if (read.reader().equals(LAST_READER)) {
                there.put(read.entry().place(), read);
                ends.merge(partition(read.entry()), read.entry().place().offset() + 1, Math::max);
            }
        }
        for (Acknowledged acknowledged : history.all(Acknowledged.class)) {
            if (!there.containsKey(acknowledged.entry().place())) {
                violation("what is acknowledged is there in the end", acknowledged);
            }
        }
        for (EndTold told : history.all(EndTold.class)) {
            if (told.offset() > ends.getOrDefault(told.partition(), 0L)) {
                violation("everything beneath a told end is there in the end", told);
            }
        }
    }
}
