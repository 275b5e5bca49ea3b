package io.millrace.kafka.fetch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;

/// The fetch sessions of one instance, bounded in number and in partitions.
///
/// A client for whom there is no room gets session id 0, and names all its partitions each time, as with a broker whose
/// session cache is full. One that comes with a session of another instance, or of an earlier life of this one, is told
/// that it is unknown here, and starts over.
///
/// Threads: any. Source: KIP-227.
final class FetchSessions {

    private static final short FIRST_VERSION_WITH_IDS = 13;

    private final FetchSettings.Sessions bounds;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    /// The one that was used least recently first.
    private final Map<Integer, Used> sessions = new LinkedHashMap<>();

    private int partitions;

    /// @param size partitions that are counted for it
    private record Used(FetchSession session, int size, long atNanos) {}

    /// What a request reads.
    sealed interface Scope {

        /// What it names, and all of it is answered.
        record Named(FetchRequestData request) implements Scope {}

        /// What it names, and a session begins with it.
        record Begun(FetchSession session) implements Scope {}

        /// What its session has, and only news is answered.
        record Continued(FetchSession session) implements Scope {}

        record Refused(Errors error) implements Scope {}
    }

    /// @param random safe to share between threads
    FetchSessions(FetchSettings.Sessions bounds, LongSupplier nanoTime, RandomGenerator random) {
        this.bounds = bounds;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    int count() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    /// Finds or begins the session of a request.
    Scope scope(FetchRequestData request, short version) {
        boolean withTopicIds = version >= FIRST_VERSION_WITH_IDS;
        return switch (request.sessionEpoch()) {
            case FetchMetadata.FINAL_EPOCH -> {
                end(request.sessionId());
                yield new Scope.Named(request);
            }
            case FetchMetadata.INITIAL_EPOCH -> {
                end(request.sessionId());
                yield begin(request, withTopicIds);
            }
            default -> resume(request, withTopicIds);
        };
    }

    private Scope resume(FetchRequestData request, boolean withTopicIds) {
        lock.lock();
        try {
            Used used = sessions.get(request.sessionId());
            if (used == null) {
                return new Scope.Refused(Errors.FETCH_SESSION_ID_NOT_FOUND);
            }
            Errors error = used.session().update(request, withTopicIds);
            if (error != Errors.NONE) {
                return new Scope.Refused(error);
            }
            forget(request.sessionId());
            if (used.session().size() == 0 || !hasRoom(used.session().size())) {
                return new Scope.Named(
                        new FetchRequestData().setTopics(used.session().topics()));
            }
            keep(used.session());
            return new Scope.Continued(used.session());
        } finally {
            lock.unlock();
        }
    }

    private Scope begin(FetchRequestData request, boolean withTopicIds) {
        FetchSession session = new FetchSession(freshId(), withTopicIds);
        session.update(request, withTopicIds);
        lock.lock();
        try {
            if (session.size() == 0 || sessions.containsKey(session.id()) || !hasRoom(session.size())) {
                return new Scope.Named(request);
            }
            keep(session);
            return new Scope.Begun(session);
        } finally {
            lock.unlock();
        }
    }

    private int freshId() {
        return 1 + random.nextInt(Integer.MAX_VALUE);
    }

    private void keep(FetchSession session) {
        int size = session.size();
        sessions.put(session.id(), new Used(session, size, nanoTime.getAsLong()));
        partitions += size;
    }

    /// Whether so many partitions fit, after idle sessions made room.
    private boolean hasRoom(int size) {
        long now = nanoTime.getAsLong();
        Iterator<Used> oldest = sessions.values().iterator();
        while (isFull(size) && oldest.hasNext()) {
            Used used = oldest.next();
            if (now - used.atNanos() < bounds.idleMin().toNanos()) {
                return false;
            }
            oldest.remove();
            partitions -= used.size();
        }
        return !isFull(size);
    }

    private boolean isFull(int size) {
        return sessions.size() >= bounds.countMax() || partitions + size > bounds.partitionsMax();
    }

    private void end(int id) {
        lock.lock();
        try {
            forget(id);
        } finally {
            lock.unlock();
        }
    }

    private void forget(int id) {
        Used used = sessions.remove(id);
        if (used != null) {
            partitions -= used.size();
        }
    }
}
