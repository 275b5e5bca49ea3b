package io.millrace.model;

/// The identity of a topic for its whole life; a topic that is deleted and created again gets another one.
///
/// Threads: immutable. Source: KIP-516.
///
/// @param mostSignificantBits the first eight bytes of the id, as they travel in Kafka's protocol
/// @param leastSignificantBits the last eight bytes
public record TopicId(long mostSignificantBits, long leastSignificantBits) implements Comparable<TopicId> {

    /// Spelled out, and so is `equals`, because those of a record cost several times as much, and each batch asks a few
    /// times.
    @Override
    public int hashCode() {
        return 31 * Long.hashCode(mostSignificantBits) + Long.hashCode(leastSignificantBits);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicId that
                && mostSignificantBits == that.mostSignificantBits
                && leastSignificantBits == that.leastSignificantBits;
    }

    @Override
    public int compareTo(TopicId other) {
        int first = Long.compareUnsigned(mostSignificantBits, other.mostSignificantBits);
        return first != 0 ? first : Long.compareUnsigned(leastSignificantBits, other.leastSignificantBits);
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", mostSignificantBits, leastSignificantBits);
    }
}
