package io.millrace.coordinator.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a store was created for; it never fits another cluster or another number of shards.
///
/// Threads: immutable.
record StoreIdentity(int shards, Optional<String> clusterId) {

    byte[] encode() {
        byte[] id = clusterId.orElse("").getBytes(StandardCharsets.UTF_8);
        return StoredBytes.seal(
                StoredBytes.allocate(Integer.BYTES + id.length).putInt(shards).put(id));
    }

    static StoreIdentity decode(byte[] stored, Slot slot) throws GroupStoreException {
        ByteBuffer in = StoredBytes.open(stored, slot);
        if (in.remaining() < Integer.BYTES) {
            throw new GroupStoreException("not an identity at " + slot);
        }
        int shards = in.getInt();
        String id = StandardCharsets.UTF_8.decode(in).toString();
        return new StoreIdentity(shards, id.isEmpty() ? Optional.empty() : Optional.of(id));
    }
}
