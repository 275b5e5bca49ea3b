package io.millrace.model;

/// The identity of a topic for its whole life; a topic that is deleted and created again gets another one.
///
/// Threads: immutable. Source: KIP-516.
///
/// @param mostSignificantBits the first eight bytes of the id, as they travel in Kafka's protocol
/// @param leastSignificantBits the last eight bytes
public record TopicId(long mostSignificantBits, long leastSignificantBits) implements Comparable<TopicId> {

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
