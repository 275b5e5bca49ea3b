package io.millrace.e2e.client;

import io.millrace.e2e.journal.Journal;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// Reads partitions from their first record on, and goes on through whatever happens to the servers.
///
/// Threads: one uses it. Errors: `hasReached` and `close` throw what ended the reading.
public sealed interface TailReader extends AutoCloseable permits Follower, KcatFollower, ListenerReader {

    boolean hasReached(Map<TopicPartition, Long> ends);

    /// What it has read is what was acknowledged, each record once and in its place.
    void assertRead(Journal acknowledged);

    @Override
    void close();
}
