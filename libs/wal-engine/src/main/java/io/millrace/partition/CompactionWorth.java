package io.millrace.partition;

/// How far a partition could be compacted now, and how much it is worth.
///
/// Threads: immutable.
///
/// @param dirtyRatio the share of the bytes up to there that was not compacted yet
public record CompactionWorth(long endOffset, double dirtyRatio, Urgency urgency)
        implements Comparable<CompactionWorth> {

    /// Whether it should be done.
    public enum Urgency {
        /// Too little is dirty yet.
        NONE,
        DUE,
        /// A record waits longer than the topic allows.
        OVERDUE
    }

    @Override
    public int compareTo(CompactionWorth other) {
        int byUrgency = urgency.compareTo(other.urgency);
        return byUrgency != 0 ? byUrgency : Double.compare(dirtyRatio, other.dirtyRatio);
    }
}
