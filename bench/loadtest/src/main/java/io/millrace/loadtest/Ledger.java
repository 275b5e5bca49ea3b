package io.millrace.loadtest;

import java.util.BitSet;

/// What became of one producer's records, two bits each.
///
/// Threads: any.
final class Ledger {
    private final BitSet acknowledged = new BitSet();
    private final BitSet received = new BitSet();
    private long sent;
    private long failed;

    synchronized long next() {
        return sent++;
    }

    synchronized void acknowledge(long sequence) {
        acknowledged.set(Math.toIntExact(sequence));
    }

    /// Its producer gave it up: it may be stored, or not.
    synchronized void fail() {
        failed++;
    }

    /// Whether it was received for the first time.
    synchronized boolean receive(long sequence) {
        int index = Math.toIntExact(sequence);
        boolean isFirst = !received.get(index);
        received.set(index);
        return isFirst;
    }

    synchronized long sent() {
        return sent;
    }

    synchronized long failed() {
        return failed;
    }

    synchronized long acknowledged() {
        return acknowledged.cardinality();
    }

    synchronized long received() {
        return received.cardinality();
    }

    /// Acknowledged, and not received so far.
    synchronized long missing() {
        BitSet missing = (BitSet) acknowledged.clone();
        missing.andNot(received);
        return missing.cardinality();
    }
}
