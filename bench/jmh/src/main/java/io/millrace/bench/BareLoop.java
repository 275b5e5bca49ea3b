package io.millrace.bench;

import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The least that durable appends can cost: copy, checksum, one write and one force, into files that another thread
/// filled with zeros and forced before, as the engine's are.
///
/// Threads: one appends. Ownership: the storage stays open.
final class BareLoop implements AutoCloseable {

    private static final int FILE_BYTES = 64 << 20;
    private static final int ZERO_BYTES = 4 << 20;
    private static final int ALIGNMENT = 4096;

    private final WalStorage storage;
    private final ByteBuffer batch;
    private final int batchesPerRound;
    private final ByteBuffer round;
    private final Background preparing;
    private WalFile file;
    private long position;
    private int serial;
    /// Filled by the preparing thread, taken by the other.
    private volatile @Nullable WalFile prepared;
    /// Given by the other thread, deleted by the preparing one.
    private volatile @Nullable WalFile full;

    BareLoop(WalStorage storage, int batchBytes, int roundBytesMax) throws IOException {
        this.storage = storage;
        this.batch = ByteBuffer.allocate(batchBytes);
        this.batchesPerRound = roundBytesMax / batchBytes;
        this.round = ByteBuffer.allocateDirect(roundBytesMax + ALIGNMENT);
        while (batch.hasRemaining()) {
            batch.put((byte) 'x');
        }
        this.file = zeroed();
        this.preparing = new Background("bare-prepare", this::prepare);
    }

    private WalFile zeroed() throws IOException {
        WalFile zeroed = storage.create("bare-" + serial++);
        for (int at = 0; at < FILE_BYTES; at += ZERO_BYTES) {
            zeroed.zero(at, ZERO_BYTES);
            zeroed.force();
        }
        storage.forceDirectory();
        return zeroed;
    }

    private void prepare() throws IOException {
        WalFile old = full;
        if (old != null) {
            full = null;
            old.close();
            storage.delete(old.name());
        }
        if (prepared == null) {
            prepared = zeroed();
        }
    }

    /// Makes copies of the batch durable, in as few rounds as there can be.
    void append(int count) throws IOException {
        for (int left = count; left > 0; left -= batchesPerRound) {
            round(Math.min(left, batchesPerRound));
        }
    }

    private void round(int batchCount) throws IOException {
        round.clear();
        for (int i = 0; i < batchCount; i++) {
            round.put(batch.rewind());
        }
        CRC32C crc = new CRC32C();
        crc.update(round.flip());
        round.limit((round.limit() + ALIGNMENT - 1) & -ALIGNMENT).rewind();
        round.putInt(0, (int) crc.getValue());
        if (position + round.limit() > FILE_BYTES) {
            file = next();
            position = 0;
        }
        file.write(round, position);
        file.force();
        position += round.limit();
    }

    private WalFile next() {
        full = file;
        preparing.wake();
        WalFile next = prepared;
        while (next == null) {
            Thread.onSpinWait();
            next = prepared;
        }
        prepared = null;
        preparing.wake();
        return next;
    }

    @Override
    public void close() throws IOException {
        preparing.close();
        file.close();
    }
}
