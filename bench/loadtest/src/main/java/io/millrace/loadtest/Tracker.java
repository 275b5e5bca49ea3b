package io.millrace.loadtest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/// The account of every record. A partition's records come to one consumer after the other, so what a group is given
/// again after a rebalance is told from what is stored twice by its offset.
///
/// Threads: any.
final class Tracker {
    private final long run;
    private final List<Ledger> ledgers;
    private final Map<TopicPartition, Lane> lanes = new ConcurrentHashMap<>();
    private final LongAdder duplicated = new LongAdder();
    private final LongAdder reordered = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder deliveredAgain = new LongAdder();

    /// What is known of one partition; guarded by its lock.
    private static final class Lane {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Integer, Long> lastSequences = new HashMap<>();
        private long nextOffset;

        private Lane(long nextOffset) {
            this.nextOffset = nextOffset;
        }
    }

    /// What came of a run.
    ///
    /// @param lost acknowledged, and never received
    /// @param skipped offsets that no consumer got
    /// @param deliveredAgain by a group that resumed at an older commit, which Kafka's contract allows
    record Result(
            long sent,
            long acknowledged,
            long failed,
            long received,
            long lost,
            long duplicated,
            long reordered,
            long skipped,
            long deliveredAgain) {

        boolean isCorrect() {
            return lost == 0 && duplicated == 0 && reordered == 0 && skipped == 0;
        }
    }

    Tracker(long run, int producers, Map<TopicPartition, Long> starts) {
        this.run = run;
        this.ledgers = Stream.generate(Ledger::new).limit(producers).toList();
        starts.forEach((partition, offset) -> lanes.put(partition, new Lane(offset)));
    }

    Ledger ledger(int producer) {
        return ledgers.get(producer);
    }

    /// Takes the next record of a partition.
    ///
    /// @param mark empty if the record is not one of ours
    /// @return whether it counts as received now
    boolean receive(TopicPartition partition, long offset, Optional<Stamp> mark) {
        Lane lane = lanes.get(partition);
        if (lane == null) {
            throw new IllegalStateException("nobody asked for " + partition);
        }
        lane.lock.lock();
        try {
            return receive(lane, offset, mark);
        } finally {
            lane.lock.unlock();
        }
    }

    private boolean receive(Lane lane, long offset, Optional<Stamp> mark) {
        if (offset < lane.nextOffset) {
            deliveredAgain.increment();
            return false;
        }
        skipped.add(offset - lane.nextOffset);
        lane.nextOffset = offset + 1;
        Stamp stamp = mark.filter(each -> each.run() == run).orElse(null);
        if (stamp == null) {
            return false;
        }
        if (!ledgers.get(stamp.producer()).receive(stamp.sequence())) {
            duplicated.increment();
            return false;
        }
        Long before = lane.lastSequences.put(stamp.producer(), stamp.sequence());
        if (before != null && before > stamp.sequence()) {
            reordered.increment();
        }
        return true;
    }

    long missing() {
        return ledgers.stream().mapToLong(Ledger::missing).sum();
    }

    Result result() {
        return new Result(
                ledgers.stream().mapToLong(Ledger::sent).sum(),
                ledgers.stream().mapToLong(Ledger::acknowledged).sum(),
                ledgers.stream().mapToLong(Ledger::failed).sum(),
                ledgers.stream().mapToLong(Ledger::received).sum(),
                missing(),
                duplicated.sum(),
                reordered.sum(),
                skipped.sum(),
                deliveredAgain.sum());
    }
}
