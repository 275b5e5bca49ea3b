package io.millrace.coordinator.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// Moves the oldest batches of a tenure's tail into entries; can be cut off and repeated anywhere.
///
/// Threads: blocks; all folders of a store share one thread, so a former owner's last fold never runs beside the next
/// owner's first.
final class ShardFolder {

    /// Writes that are under way at once; more would only wait inside the store.
    private static final int WRITES_AT_ONCE = 256;

    private final GroupStore store;
    private final Function<byte[], List<GroupRecord>> reader;
    private final GroupLogOptions options;
    private final LocalTenure tenure;

    ShardFolder(
            GroupStore store, Function<byte[], List<GroupRecord>> reader, GroupLogOptions options, LocalTenure tenure) {
        this.store = store;
        this.reader = reader;
        this.options = options;
        this.tenure = tenure;
    }

    /// One step.
    ///
    /// @return whether anything was folded; nothing is when the tail is empty or the shard has another owner
    boolean fold() throws GroupStoreException {
        List<TailSlot> slots = tenure.oldestOfTail();
        Slot stateSlot = Slot.state(tenure.shard());
        Optional<byte[]> stored = await(store.get(stateSlot), "reading " + stateSlot);
        if (slots.isEmpty() || stored.isEmpty()) {
            return false;
        }
        ShardRecord record = ShardRecord.decode(stored.get(), stateSlot);
        if (record.epoch() != tenure.epoch()) {
            return false;
        }
        if (record.foldedUpTo() != slots.getFirst().first()) {
            forget(moved(slots, record));
            return true;
        }
        KeyMerge merge = new KeyMerge(reader);
        int lastEpoch = record.foldedEpoch();
        List<Slot> batchSlots = slots.stream()
                .map(slot -> Slot.batch(tenure.shard(), slot.first()))
                .toList();
        List<byte[]> batches = read(batchSlots);
        for (int i = 0; i < slots.size(); i++) {
            StoredBatch batch = StoredBatch.decode(batches.get(i), batchSlots.get(i));
            merge.apply(slots.get(i).first(), batch);
            lastEpoch = batch.epoch();
        }
        write(merge.changes());
        ShardRecord folded = new ShardRecord(record.epoch(), slots.getLast().end(), lastEpoch);
        if (!await(store.compareAndPut(stateSlot, stored, folded.encode()), "writing " + stateSlot)) {
            return false;
        }
        forget(slots);
        return true;
    }

    /// What an earlier fold had folded when it was cut off: all is done but the removal of the batches.
    private static List<TailSlot> moved(List<TailSlot> slots, ShardRecord record) throws GroupStoreException {
        List<TailSlot> moved = slots.stream()
                .takeWhile(slot -> slot.end() <= record.foldedUpTo())
                .toList();
        if (moved.isEmpty() || moved.getLast().end() != record.foldedUpTo()) {
            throw new GroupStoreException("the tail begins at "
                    + slots.getFirst().first() + ", but everything before " + record.foldedUpTo() + " is folded");
        }
        return moved;
    }

    private void forget(List<TailSlot> slots) throws GroupStoreException {
        remove(slots);
        tenure.folded(slots);
    }

    /// Side by side; what a fold takes is bounded in batches and bytes.
    private List<byte[]> read(List<Slot> slots) throws GroupStoreException {
        List<CompletableFuture<Optional<byte[]>>> reads =
                slots.stream().map(store::get).toList();
        List<byte[]> batches = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            batches.add(await(reads.get(i), "reading " + slot)
                    .orElseThrow(() -> new GroupStoreException("a durable batch is missing: " + slot)));
        }
        return batches;
    }

    private void write(Map<RecordKey, Optional<GroupEntry>> changes) throws GroupStoreException {
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (Map.Entry<RecordKey, Optional<GroupEntry>> change : changes.entrySet()) {
            Slot slot = Slot.entry(tenure.shard(), change.getKey());
            writes.add(change.getValue()
                    .map(entry -> store.put(slot, entry.encode()))
                    .orElseGet(() -> store.remove(slot)));
            if (writes.size() >= WRITES_AT_ONCE) {
                awaitAll(writes);
            }
        }
        awaitAll(writes);
    }

    private void remove(List<TailSlot> slots) throws GroupStoreException {
        List<CompletableFuture<Void>> removals = new ArrayList<>();
        for (TailSlot slot : slots) {
            removals.add(store.remove(Slot.batch(tenure.shard(), slot.first())));
            if (removals.size() >= WRITES_AT_ONCE) {
                awaitAll(removals);
            }
        }
        awaitAll(removals);
    }

    private void awaitAll(List<CompletableFuture<Void>> steps) throws GroupStoreException {
        await(CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new)), "folding");
        steps.clear();
    }

    private <T> T await(CompletableFuture<T> step, String what) throws GroupStoreException {
        return GroupStoreException.await(step, options.stepTimeout(), what);
    }
}
