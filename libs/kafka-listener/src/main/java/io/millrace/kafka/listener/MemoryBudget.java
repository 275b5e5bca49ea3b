package io.millrace.kafka.listener;

import io.millrace.model.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/// A bound on bytes, shared by all connections; who finds none left waits in line.
///
/// Threads: any; who waited is told on the thread that gave bytes back.
final class MemoryBudget {

    private final long capacity;

    /// Guards `reserved`, `waiting` and the tickets' state.
    private final ReentrantLock lock = new ReentrantLock();

    private final Queue<Ticket> waiting = new ArrayDeque<>();
    private long reserved;

    MemoryBudget(long capacity) {
        this.capacity = capacity;
    }

    /// Reserves at once, or waits in line.
    ///
    /// @param granted runs later if the ticket is not granted at once, unless it is cancelled before
    Ticket reserve(int bytes, Runnable granted) {
        Ticket ticket = new Ticket(bytes, granted);
        lock.lock();
        try {
            if (waiting.isEmpty() && fits(bytes)) {
                reserved += bytes;
                ticket.granted = true;
            } else {
                waiting.add(ticket);
            }
        } finally {
            lock.unlock();
        }
        return ticket;
    }

    /// True once the ticket's bytes are its holder's.
    boolean isGranted(Ticket ticket) {
        lock.lock();
        try {
            return ticket.granted;
        } finally {
            lock.unlock();
        }
    }

    /// Gives bytes back that were granted.
    void release(long bytes) {
        List<Ticket> served;
        lock.lock();
        try {
            reserved -= bytes;
            Invariant.check(reserved >= 0, "nobody gives back what he never got");
            served = serve();
        } finally {
            lock.unlock();
        }
        served.forEach(ticket -> ticket.onGranted.run());
    }

    /// Leaves the line, or gives back what was granted.
    void cancel(Ticket ticket) {
        List<Ticket> served;
        lock.lock();
        try {
            if (ticket.granted) {
                reserved -= ticket.bytes;
            } else {
                waiting.remove(ticket);
            }
            served = serve();
        } finally {
            lock.unlock();
        }
        served.forEach(next -> next.onGranted.run());
    }

    long reserved() {
        lock.lock();
        try {
            return reserved;
        } finally {
            lock.unlock();
        }
    }

    private List<Ticket> serve() {
        List<Ticket> served = new ArrayList<>();
        Ticket next = waiting.peek();
        while (next != null && fits(next.bytes)) {
            waiting.remove();
            reserved += next.bytes;
            next.granted = true;
            served.add(next);
            next = waiting.peek();
        }
        return served;
    }

    /// What is larger than everything gets everything.
    private boolean fits(int bytes) {
        return reserved == 0 || reserved + bytes <= capacity;
    }

    /// A claim on bytes.
    static final class Ticket {

        private final int bytes;
        private final Runnable onGranted;
        private boolean granted;

        private Ticket(int bytes, Runnable onGranted) {
            this.bytes = bytes;
            this.onGranted = onGranted;
        }
    }
}
