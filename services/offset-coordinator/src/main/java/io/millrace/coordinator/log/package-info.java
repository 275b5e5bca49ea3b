/// The durable log of the coordinator's shards, and the store under it. Front doors: [GroupLog], the seam, and
/// [GroupLogStore], which makes one on this node's disk.
///
/// A shard is a sequence of records. What the group coordinator appends at once is one batch, stored in one slot by
/// one atomic `putIfAbsent`; a slot is named by its first sequence, and a batch of `n` records is followed by the slot
/// `n` further on. In the background the oldest batches are folded into one entry per record key.
///
/// ```
/// table BATCHES  <shard>/<first sequence, 19 digits>  -> StoredBatch    the tail, as it was appended
/// table ENTRIES  <shard>/<record key, base64url>      -> GroupEntry     last value of a key below foldedUpTo
///                <shard>/#<SHA-256 of that, hex>      if that is longer than the files' longest name
/// table SHARDS   <shard>/state                        -> ShardRecord    epoch, foldedUpTo, foldedEpoch
///                0/identity                           -> StoreIdentity  number of shards, cluster id
///
/// StoredBatch: format u8 = 1, crc32c i32 of what follows, kind u8 (0 barrier, 1 records), epoch i32, count i32, bytes
/// GroupEntry:  format u8 = 1, crc32c i32 of what follows, sequence i64, key length i32, key, value
/// ShardRecord: format u8 = 1, crc32c i32 of what follows, epoch i32, foldedUpTo i64, foldedEpoch i32
/// StoreIdentity: format u8 = 1, crc32c i32 of what follows, shards i32, cluster id (UTF-8, empty until known)
/// ```
///
/// All integers are big-endian. The tables are Infinispan caches, which [io.millrace.coordinator.slots.SlotFileStore]
/// keeps on disk.
///
/// **Take-over.** A new owner raises the epoch in SHARDS, reads entries and batches from `foldedUpTo` to the first
/// missing slot, and puts a *barrier* into that. An old owner that is still alive finds it taken and resigns. Then the
/// new one deletes what lies behind the barrier, the remains of puts that were in flight when an earlier one failed;
/// not before, since the missing put may still arrive and then makes what lies behind it count. Epochs never go back
/// along the slots: a batch with a lower epoch than its predecessor was put by an owner that had lost the shard, so it
/// counts as missing.
///
/// **Folding** may be cut off and repeated anywhere: entries are written first, then SHARDS moves
/// `foldedUpTo` if the epoch is still the folder's, then the batches are removed. An owner that finds
/// `foldedUpTo` ahead of its tail had a fold cut off there, and has only the batches to remove. A load merges
/// entries and tail by key, so entries that are ahead of `foldedUpTo` do no harm.
@NullMarked
package io.millrace.coordinator.log;

import org.jspecify.annotations.NullMarked;
