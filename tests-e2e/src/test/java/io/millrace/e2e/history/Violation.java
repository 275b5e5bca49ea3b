package io.millrace.e2e.history;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// A rule that a history breaks, and the events that show it.
///
/// @param piece in the order in which they were known
record Violation(String rule, List<Event> piece) {

    /// The fewest events first, and among those the ones that are closest together.
    static final Comparator<Violation> SHORTEST_FIRST = Comparator.<Violation>comparingInt(
                    violation -> violation.piece().size())
            .thenComparingLong(violation -> violation.piece().getLast().end()
                    - violation.piece().getFirst().begin());

    Violation {
        piece = piece.stream().sorted(Comparator.comparingLong(Event::end)).toList();
    }

    @Override
    public String toString() {
        long start = piece.getFirst().begin();
        return rule + "\n"
                + piece.stream()
                        .map(event -> "  +" + (event.end() - start) / 1_000 + " us  " + event)
                        .collect(Collectors.joining("\n"));
    }
}
