package io.millrace.store;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What waits for the next round, in the order in which it came, bounded in bytes and count.
///
/// Threads: any thread adds; the owner takes and parks. Answers are never given while the lock is held.
final class SubmissionQueue {

    private final long bytesMax;
    private final int countMax;

    private final ReentrantLock queueLock = new ReentrantLock();
    /// The following are guarded by `queueLock`.
    private final ArrayDeque<Submission> waiting = new ArrayDeque<>();

    private final Map<String, AppendSession> sessions = new HashMap<>();
    private long waitingBytes;
    private @Nullable Stop stop;

    private final Bell bell = new Bell();
    /// Set by anybody, cleared by the owner when it takes a step.
    private volatile boolean isNudged;

    /// Why nothing is taken any more.
    record Stop(Refusal refusal, String message) {}

    SubmissionQueue(long bytesMax, int countMax) {
        this.bytesMax = bytesMax;
        this.countMax = countMax;
    }

    AppendSession openSession(String ingestInstance) {
        AppendSession session = new AppendSession(this);
        List<Submission> dropped;
        queueLock.lock();
        try {
            AppendSession older = sessions.put(ingestInstance, session);
            dropped = older == null ? List.of() : removed(older);
        } finally {
            queueLock.unlock();
        }
        drop(dropped);
        return session;
    }

    CompletableFuture<AppendOutcome> append(AppendSession session, PartitionId partitionId, RecordBatch batch) {
        CompletableFuture<AppendOutcome> answer = new CompletableFuture<>();
        add(new Submission.Append(session, partitionId, batch, answer));
        return answer;
    }

    CompletableFuture<CommandOutcome> execute(Command command) {
        CompletableFuture<CommandOutcome> answer = new CompletableFuture<>();
        add(new Submission.Execution(command, answer));
        return answer;
    }

    private void add(Submission submission) {
        Stop refusal;
        queueLock.lock();
        try {
            refusal = refusalOf(submission);
            if (refusal == null) {
                waiting.add(submission);
                waitingBytes += submission.bytes();
            }
        } finally {
            queueLock.unlock();
        }
        if (refusal == null) {
            bell.ring();
        } else {
            submission.refuse(refusal.refusal(), refusal.message());
        }
    }

    private @Nullable Stop refusalOf(Submission submission) {
        if (stop != null) {
            return stop;
        }
        if (submission instanceof Submission.Append append && append.session().isEnded()) {
            return new Stop(Refusal.NOT_OWNER, "the append session is closed");
        }
        // A single submission always fits into an empty queue, so that no size is refused for ever.
        boolean isFull =
                waiting.size() >= countMax || (!waiting.isEmpty() && waitingBytes + submission.bytes() > bytesMax);
        return isFull ? new Stop(Refusal.OVERLOADED, "too much waits for the disk") : null;
    }

    void close(AppendSession session) {
        List<Submission> dropped;
        queueLock.lock();
        try {
            sessions.values().remove(session);
            dropped = removed(session);
        } finally {
            queueLock.unlock();
        }
        drop(dropped);
    }

    private List<Submission> removed(AppendSession session) {
        session.end();
        List<Submission> removed = new ArrayList<>();
        for (Iterator<Submission> each = waiting.iterator(); each.hasNext(); ) {
            if (each.next() instanceof Submission.Append append && append.session() == session) {
                removed.add(append);
                waitingBytes -= append.bytes();
                each.remove();
            }
        }
        return removed;
    }

    private static void drop(List<Submission> dropped) {
        for (Submission submission : dropped) {
            submission.answerUnknown("the append session was closed");
        }
    }

    /// Takes from the front what fits into one round; at least one if any waits.
    List<Submission> take(RoundSize roundSize) {
        queueLock.lock();
        try {
            List<Submission> taken = new ArrayList<>(Math.min(waiting.size(), 1024));
            while (!waiting.isEmpty() && roundSize.admits(waiting.peek())) {
                Submission submission = waiting.remove();
                waitingBytes -= submission.bytes();
                taken.add(submission);
            }
            return taken;
        } finally {
            queueLock.unlock();
        }
    }

    /// Refuses everything from now on.
    ///
    /// @return what still waited, which the caller answers
    List<Submission> stop(Stop reason) {
        queueLock.lock();
        try {
            if (stop == null) {
                stop = reason;
            }
            List<Submission> rest = List.copyOf(waiting);
            waiting.clear();
            waitingBytes = 0;
            return rest;
        } finally {
            queueLock.unlock();
        }
    }

    /// Refuses what comes from now on; what waits already stays.
    void stopAdding(Stop reason) {
        queueLock.lock();
        try {
            if (stop == null) {
                stop = reason;
            }
        } finally {
            queueLock.unlock();
        }
    }

    /// Makes the owner take a step although nothing waits.
    void nudge() {
        isNudged = true;
        bell.ring();
    }

    void clearNudge() {
        isNudged = false;
    }

    /// Parks the owner until there is work.
    ///
    /// @return whether there is
    boolean awaitWork(Duration atMost) throws InterruptedException {
        return bell.await(this::hasWork, atMost);
    }

    private boolean hasWork() {
        return isNudged || size().count() > 0;
    }

    Size size() {
        queueLock.lock();
        try {
            return new Size(waitingBytes, waiting.size());
        } finally {
            queueLock.unlock();
        }
    }

    record Size(long bytes, int count) {}
}
