package io.millrace.model;

/// One partition of one topic; the unit of order.
///
/// Threads: immutable.
public record PartitionId(TopicId topicId, int partition) implements Comparable<PartitionId> {

    public PartitionId {
        if (partition < 0) {
            throw new IllegalArgumentException("partition is negative: " + partition);
        }
    }

    /// Spelled out for the same reason as in [TopicId].
    @Override
    public int hashCode() {
        return 31 * topicId.hashCode() + partition;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartitionId that && partition == that.partition && topicId.equals(that.topicId);
    }

    @Override
    public int compareTo(PartitionId other) {
        int byTopic = topicId.compareTo(other.topicId);
        return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return topicId + "-" + partition;
    }
}
