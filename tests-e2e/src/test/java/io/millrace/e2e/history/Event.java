package io.millrace.e2e.history;

import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Hash;
import io.millrace.e2e.journal.Origin;
import org.apache.kafka.common.TopicPartition;

/// What a client did or was told. Times are nanoseconds of this process's own clock.
sealed interface Event {

    /// When it began: what others were told before must show in it.
    long begin();

    /// When it was known: whatever begins later must show it.
    long end();

    /// The producer was given a record to send.
    record Sent(Origin origin, TopicPartition partition, Hash value, long begin) implements Event {
        @Override
        public long end() {
            return begin;
        }
    }

    /// The producer was told that the record is stored.
    record Acknowledged(Entry entry) implements Event {
        @Override
        public long begin() {
            return entry.nanos();
        }

        @Override
        public long end() {
            return entry.nanos();
        }
    }

    record Read(String reader, Entry entry) implements Event {
        @Override
        public long begin() {
            return entry.nanos();
        }

        @Override
        public long end() {
            return entry.nanos();
        }
    }

    /// ListOffsets(latest), or a high watermark.
    record EndTold(String asked, TopicPartition partition, long offset, long begin, long end) implements Event {}

    /// A commit was answered as done.
    record Committed(String group, TopicPartition partition, long offset, long begin, long end) implements Event {}

    /// What the group has committed.
    ///
    /// @param offset -1 if there is none
    record CommittedTold(String group, TopicPartition partition, long offset, long begin, long end) implements Event {}
}
