package io.millrace.kafka.listener;

import io.millrace.model.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/// A bound on bytes, shared by all connections; who finds none left waits in line.
///
/// Small requests have a line of their own, and a share of the bytes that large ones never get: what keeps a
/// member in its group waits neither for bulk nor for somebody who announces bulk and does not send it. Small
/// ones may take more than their share, but not while a large one waits, so that it has its turn.
///
/// Threads: any; who waited is told on the thread that gave bytes back.
final class MemoryBudget {

    private static final int SMALL_BYTES_MAX = 64 << 10;
    private static final int SMALL_SHARE = 8;

    private final long capacity;
    private final long largeCapacity;

    /// Guards everything below, and the tickets' state.
    private final ReentrantLock lock = new ReentrantLock();

    private final Queue<Ticket> waitingSmall = new ArrayDeque<>();
    private final Queue<Ticket> waitingLarge = new ArrayDeque<>();
    private long reservedSmall;
    private long reservedLarge;

    MemoryBudget(long capacity) {
        this.capacity = capacity;
        this.largeCapacity = largeCapacity(capacity);
    }

    /// What large requests have together, and so the largest that there may be.
    static long largeCapacity(long capacity) {
        return capacity - capacity / SMALL_SHARE;
    }

    /// Reserves at once, or waits in line.
    ///
    /// @param granted runs later if the ticket is not granted at once, unless it is cancelled before
    Ticket reserve(int bytes, Runnable granted) {
        Ticket ticket = new Ticket(bytes, granted);
        lock.lock();
        try {
            Queue<Ticket> line = isSmall(bytes) ? waitingSmall : waitingLarge;
            if (line.isEmpty() && fits(bytes)) {
                grant(ticket);
            } else {
                line.add(ticket);
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

    /// True while somebody waits for what others hold.
    boolean isWaitedFor() {
        lock.lock();
        try {
            return !waitingSmall.isEmpty() || !waitingLarge.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Gives back what one request was granted.
    void release(int bytes) {
        List<Ticket> served;
        lock.lock();
        try {
            add(bytes, -bytes);
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
                add(ticket.bytes, -ticket.bytes);
            } else {
                waitingSmall.remove(ticket);
                waitingLarge.remove(ticket);
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
            return reservedSmall + reservedLarge;
        } finally {
            lock.unlock();
        }
    }

    private List<Ticket> serve() {
        List<Ticket> served = new ArrayList<>();
        serve(waitingLarge, served);
        serve(waitingSmall, served);
        return served;
    }

    private void serve(Queue<Ticket> line, List<Ticket> served) {
        Ticket next = line.peek();
        while (next != null && fits(next.bytes)) {
            line.remove();
            grant(next);
            served.add(next);
            next = line.peek();
        }
    }

    private void grant(Ticket ticket) {
        ticket.granted = true;
        add(ticket.bytes, ticket.bytes);
    }

    private void add(int requestBytes, int change) {
        if (isSmall(requestBytes)) {
            reservedSmall += change;
        } else {
            reservedLarge += change;
        }
        Invariant.check(reservedSmall >= 0 && reservedLarge >= 0, "nobody gives back what he never got");
    }

    private boolean fits(int bytes) {
        boolean isRoom = reservedSmall + reservedLarge + bytes <= capacity;
        if (isSmall(bytes)) {
            // A share that is smaller than the request gives it all the same, or nothing would ever go on.
            boolean isInShare = reservedSmall == 0 || reservedSmall + bytes <= capacity - largeCapacity;
            return isInShare || (isRoom && waitingLarge.isEmpty());
        }
        return isRoom && reservedLarge + bytes <= largeCapacity;
    }

    private static boolean isSmall(int bytes) {
        return bytes <= SMALL_BYTES_MAX;
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
