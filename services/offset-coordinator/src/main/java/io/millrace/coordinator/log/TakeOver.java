package io.millrace.coordinator.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Makes a new owner of a shard and reads what the shard's log says; the steps are in the package's page.
///
/// Threads: blocks; one per shard at a time.
final class TakeOver {

    private final GroupStore store;
    private final Function<byte[], List<GroupRecord>> reader;
    private final GroupLogOptions options;
    private final int shard;

    TakeOver(GroupStore store, Function<byte[], List<GroupRecord>> reader, GroupLogOptions options, int shard) {
        this.store = store;
        this.reader = reader;
        this.options = options;
        this.shard = shard;
    }

    LogContents run() throws GroupStoreException {
        ShardRecord record = raiseEpoch();
        KeyMerge merge = new KeyMerge(reader);
        for (Map.Entry<String, byte[]> entry : store.scan(Table.ENTRIES, shard).entrySet()) {
            merge.startFrom(GroupEntry.decode(entry.getValue(), new Slot(Table.ENTRIES, shard, entry.getKey())));
        }
        Map<Long, byte[]> batches = batches();
        LogWalk walk = new LogWalk(record.foldedUpTo(), record.foldedEpoch(), record.epoch());
        List<TailSlot> tail = new ArrayList<>();
        byte[] stored = batches.get(walk.next);
        while (stored != null) {
            long first = walk.next;
            if (!walk.take(StoredBatch.decode(stored, Slot.batch(shard, first)), stored.length, merge, tail)) {
                break;
            }
            batches.remove(first);
            stored = batches.get(walk.next);
        }
        putBarrier(walk, merge, tail);
        List<GroupEntry> entries = merge.entries();
        checkNothingIsLost(entries, walk.next);
        tail.forEach(slot -> batches.remove(slot.first()));
        removeAll(batches);
        return new LogContents(shard, record.epoch(), entries, tail, walk.next);
    }

    /// What was folded was durable in a batch before. If the log ends before it, the shard's state or its batches went
    /// back, and what would be loaded is not what was answered.
    private void checkNothingIsLost(List<GroupEntry> entries, long end) throws GroupStoreException {
        if (!entries.isEmpty() && entries.getLast().sequence() >= end) {
            throw new GroupStoreException("the log of shard " + shard + " ends at " + end
                    + ", but an entry has sequence " + entries.getLast().sequence());
        }
    }

    private ShardRecord raiseEpoch() throws GroupStoreException {
        Slot slot = Slot.state(shard);
        while (true) {
            Optional<byte[]> seen = await(store.get(slot), "reading " + slot);
            ShardRecord last = seen.isEmpty() ? ShardRecord.FIRST : ShardRecord.decode(seen.get(), slot);
            ShardRecord mine = last.ofNextOwner();
            if (await(store.compareAndPut(slot, seen, mine.encode()), "writing " + slot)) {
                return mine;
            }
        }
    }

    private Map<Long, byte[]> batches() throws GroupStoreException {
        Map<Long, byte[]> batches = new HashMap<>();
        for (Map.Entry<String, byte[]> entry : store.scan(Table.BATCHES, shard).entrySet()) {
            batches.put(Long.valueOf(entry.getKey()), entry.getValue());
        }
        return batches;
    }

    /// Into the first slot that is free. Until it is there, a former owner's put may arrive in that slot, and then what
    /// lies behind it counts, too.
    private void putBarrier(LogWalk walk, KeyMerge merge, List<TailSlot> tail) throws GroupStoreException {
        byte[] barrier = StoredBatch.barrier(walk.ownEpoch).encode();
        while (true) {
            long first = walk.next;
            Slot slot = Slot.batch(shard, first);
            if (await(store.putIfAbsent(slot, barrier), "putting the barrier at " + slot)) {
                tail.add(new TailSlot(first, first + 1, barrier.length));
                walk.next = first + 1;
                return;
            }
            Optional<byte[]> taken = await(store.get(slot), "reading " + slot);
            if (taken.isPresent()) {
                StoredBatch batch = StoredBatch.decode(taken.get(), slot);
                if (batch.epoch() > walk.ownEpoch) {
                    throw new GroupStoreException("shard " + shard + " was taken over with epoch " + batch.epoch());
                }
                if (!walk.take(batch, taken.get().length, merge, tail)) {
                    await(store.remove(slot), "removing " + slot);
                }
            }
        }
    }

    /// Slots before `foldedUpTo` are the rest of a fold that was cut off; slots behind the barrier were never answered,
    /// and never will be. Both must be gone before the first append, which would find them taken.
    private void removeAll(Map<Long, byte[]> left) throws GroupStoreException {
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        for (long first : left.keySet()) {
            removals.add(store.remove(Slot.batch(shard, first)));
        }
        await(CompletableFuture.allOf(removals.toArray(CompletableFuture[]::new)), "removing batches");
    }

    private <T> T await(CompletableFuture<T> step, String what) throws GroupStoreException {
        return GroupStoreException.await(step, options.stepTimeout(), what);
    }

    /// The way along the slots.
    private static final class LogWalk {
        private final int ownEpoch;
        private long next;
        private int lastEpoch;

        private LogWalk(long next, int lastEpoch, int ownEpoch) {
            this.next = next;
            this.lastEpoch = lastEpoch;
            this.ownEpoch = ownEpoch;
        }

        /// @return whether the batch belongs to the log: an epoch that goes back means a put by a former owner
        private boolean take(StoredBatch batch, int byteCount, KeyMerge merge, List<TailSlot> tail) {
            if (batch.epoch() < lastEpoch || batch.epoch() > ownEpoch) {
                return false;
            }
            merge.apply(next, batch);
            tail.add(new TailSlot(next, next + batch.count(), byteCount));
            next += batch.count();
            lastEpoch = batch.epoch();
            return true;
        }
    }
}
