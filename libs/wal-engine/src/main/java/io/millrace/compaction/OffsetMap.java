package io.millrace.compaction;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Where each key was written last, in memory that does not grow: 24 bytes a slot, three quarters of which are used.
///
/// Keys are known by half of their SHA-256: nobody can make two keys that are taken for one, which would delete a
/// record that is the last of its key.
///
/// Threads: one.
public final class OffsetMap {

    private static final int SLOT_LONGS = 3;
    private static final int SLOT_BYTES = SLOT_LONGS * Long.BYTES;
    private static final int SLOTS_MAX = Integer.MAX_VALUE / SLOT_LONGS - 8;

    /// Of each slot: hash, hash, offset + 1; a slot is free while the last one is 0.
    private final long[] slots;

    private final int slotCount;
    private final int countMax;
    private final MessageDigest digest;
    private int count;

    public OffsetMap(long bytes) {
        slotCount = Math.clamp(bytes / SLOT_BYTES, 4, SLOTS_MAX);
        countMax = slotCount / 4 * 3;
        slots = new long[slotCount * SLOT_LONGS];
        digest = sha256();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// How many more keys it takes.
    public int room() {
        return countMax - count;
    }

    /// Remembers the offset, which is larger than all before. There must be room; the key is lent for the call.
    public void put(ByteBuffer key, long offset) {
        int slot = slotOf(key);
        if (slots[slot + 2] == 0) {
            count++;
        }
        slots[slot + 2] = offset + 1;
    }

    /// The offset of the key's last record; -1 if the key was not put in. The key is lent for the call.
    public long latest(ByteBuffer key) {
        return slots[slotOf(key) + 2] - 1;
    }

    /// The key's slot, or a free one, which is left with the key's hash in it.
    private int slotOf(ByteBuffer key) {
        digest.update(key.duplicate());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest());
        long first = hash.getLong();
        long second = hash.getLong();
        int at = (int) Long.remainderUnsigned(first, slotCount);
        while (true) {
            int slot = at * SLOT_LONGS;
            if (slots[slot + 2] == 0) {
                slots[slot] = first;
                slots[slot + 1] = second;
                return slot;
            }
            if (slots[slot] == first && slots[slot + 1] == second) {
                return slot;
            }
            at = at + 1 == slotCount ? 0 : at + 1;
        }
    }
}
