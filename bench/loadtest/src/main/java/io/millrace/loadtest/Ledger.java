package io.millrace.loadtest;

import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// What became of one producer's records, two bits each.
///
/// Threads: any.
final class Ledger {
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet acknowledged = new BitSet();
    private final BitSet received = new BitSet();
    private long sent;
    private long failed;

    private long locked(LongSupplier look) {
        lock.lock();
        try {
            return look.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /// The sequence of the next record.
    long next() {
        return locked(() -> sent++);
    }

    void acknowledge(long sequence) {
        lock.lock();
        try {
            acknowledged.set(Math.toIntExact(sequence));
        } finally {
            lock.unlock();
        }
    }

    /// Its producer gave one up: it may be stored, or not.
    void fail() {
        lock.lock();
        try {
            failed++;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it was received for the first time.
    boolean receive(long sequence) {
        int index = Math.toIntExact(sequence);
        lock.lock();
        try {
            boolean isFirst = !received.get(index);
            received.set(index);
            return isFirst;
        } finally {
            lock.unlock();
        }
    }

    long sent() {
        return locked(() -> sent);
    }

    long failed() {
        return locked(() -> failed);
    }

    long acknowledged() {
        return locked(acknowledged::cardinality);
    }

    long received() {
        return locked(received::cardinality);
    }

    /// Acknowledged, and not received so far.
    long missing() {
        return locked(() -> {
            BitSet missing = (BitSet) acknowledged.clone();
            missing.andNot(received);
            return missing.cardinality();
        });
    }
}
