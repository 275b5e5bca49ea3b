package io.millrace.fetch.cache;

import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/// Which ranges were asked of the owner and have not come, so that none is asked for twice.
///
/// Threads: all methods from any thread.
final class RangesUnderWay {

    /// Guards the map and its lists.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<PartitionId, List<RangeRead>> reads = new HashMap<>();

    /// The read that brings the offset, and whether the caller has to send it.
    record Place(RangeRead read, boolean isNew) {}

    Place join(ReadRequest request) {
        lock.lock();
        try {
            List<RangeRead> ofPartition = reads.computeIfAbsent(request.partitionId(), _ -> new ArrayList<>());
            for (RangeRead read : ofPartition) {
                if (read.mayBring(request.fromOffset())) {
                    return new Place(read, false);
                }
            }
            return new Place(added(ofPartition, request), true);
        } finally {
            lock.unlock();
        }
    }

    /// For who was disappointed by another's read: only one from the very offset is good enough.
    Place joinAt(ReadRequest request) {
        lock.lock();
        try {
            List<RangeRead> ofPartition = reads.computeIfAbsent(request.partitionId(), _ -> new ArrayList<>());
            for (RangeRead read : ofPartition) {
                if (read.request().fromOffset() == request.fromOffset()) {
                    return new Place(read, false);
                }
            }
            return new Place(added(ofPartition, request), true);
        } finally {
            lock.unlock();
        }
    }

    private static RangeRead added(List<RangeRead> ofPartition, ReadRequest request) {
        RangeRead read = new RangeRead(request, new CompletableFuture<>());
        ofPartition.add(read);
        return read;
    }

    Optional<RangeRead> startUnlessUnderWay(ReadRequest request) {
        Place place = join(request);
        return place.isNew() ? Optional.of(place.read()) : Optional.empty();
    }

    /// What came of it is in the cache already.
    void end(RangeRead read, ReadOutcome outcome) {
        lock.lock();
        try {
            PartitionId id = read.request().partitionId();
            List<RangeRead> ofPartition = reads.getOrDefault(id, List.of());
            ofPartition.remove(read);
            if (ofPartition.isEmpty()) {
                reads.remove(id);
            }
        } finally {
            lock.unlock();
        }
        read.outcome().complete(outcome);
    }
}
