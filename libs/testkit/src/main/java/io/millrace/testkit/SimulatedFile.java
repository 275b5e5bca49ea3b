package io.millrace.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/// The content of one simulated file: what the process sees, what is durable, and the writes in between.
///
/// Copies share their bytes until one of them changes, so that thousands of crashes can be made of one moment.
///
/// Threads: one.
final class SimulatedFile {

    private static final int SECTOR_BYTES = 512;

    private final List<Write> unforced = new ArrayList<>();
    /// Both may be shared: who changes one in place, owns it first.
    private byte[] seen;

    private byte[] durable;
    private boolean ownsSeen;
    private boolean ownsDurable;
    /// Of the durable bytes, once somebody asked.
    private OptionalLong fingerprint = OptionalLong.empty();

    private record Write(int position, ByteBuffer bytes) {}

    SimulatedFile() {
        this(new byte[0]);
    }

    private SimulatedFile(byte[] content) {
        this.seen = content;
        this.durable = content;
    }

    private byte[] ownSeen() {
        if (!ownsSeen) {
            seen = seen.clone();
            ownsSeen = true;
        }
        return seen;
    }

    private byte[] ownDurable() {
        if (!ownsDurable) {
            durable = durable.clone();
            ownsDurable = true;
        }
        fingerprint = OptionalLong.empty();
        return durable;
    }

    /// A copy with the same durable bytes, and nothing else.
    private SimulatedFile durableCopy() {
        ownsDurable = false;
        SimulatedFile copy = new SimulatedFile(durable);
        copy.fingerprint = fingerprint;
        return copy;
    }

    /// Two files with the same durable bytes have the same.
    long fingerprint() {
        if (fingerprint.isEmpty()) {
            fingerprint = OptionalLong.of((sum(new CRC32C()) << Integer.SIZE) | sum(new CRC32()));
        }
        return fingerprint.getAsLong();
    }

    private long sum(Checksum checksum) {
        checksum.update(durable);
        return checksum.getValue();
    }

    int size() {
        return seen.length;
    }

    int unforcedCount() {
        return unforced.size();
    }

    void write(ByteBuffer source, int position) {
        ByteBuffer copy = ByteBuffer.allocate(source.remaining()).put(source).flip();
        unforced.add(new Write(position, copy));
        seen = written(ownSeen(), position, copy);
    }

    private static byte[] written(byte[] content, int position, ByteBuffer bytes) {
        int end = position + bytes.remaining();
        byte[] larger = end > content.length ? Arrays.copyOf(content, end) : content;
        bytes.duplicate().get(larger, position, bytes.remaining());
        return larger;
    }

    int read(ByteBuffer target, int position) {
        return read(seen, target, position);
    }

    /// As the disk has it, once the system has written what was not forced, which it does before such a read.
    int readFromDisk(ByteBuffer target, int position) {
        byte[] content = unforced.isEmpty() ? durable : durable.clone();
        for (Write write : unforced) {
            content = written(content, write.position(), write.bytes());
        }
        return read(content, target, position);
    }

    private static int read(byte[] content, ByteBuffer target, int position) {
        int count = Math.min(target.remaining(), content.length - position);
        if (count <= 0) {
            return 0;
        }
        target.put(content, position, count);
        return count;
    }

    void force() {
        for (Write write : unforced) {
            durable = written(ownDurable(), write.position(), write.bytes());
        }
        unforced.clear();
    }

    /// A force that failed: the kernel drops what it could not write and calls the pages clean, so that a later force
    /// returns in peace and the data is gone, although it can still be read.
    void failForce(RandomGenerator random) {
        keepSome(random);
        unforced.clear();
    }

    /// What a crash leaves: of each sector that was not forced the old content or the new.
    SimulatedFile afterCrash(RandomGenerator random) {
        SimulatedFile left = durableCopy();
        left.unforced.addAll(unforced);
        left.keepSome(random);
        return left.durableCopy();
    }

    /// What a crash of the process leaves, with the machine still running: everything.
    SimulatedFile afterProcessCrash() {
        SimulatedFile left = durableCopy();
        left.unforced.addAll(unforced);
        left.seen = seen;
        ownsSeen = false;
        return left;
    }

    private void keepSome(RandomGenerator random) {
        int kind = random.nextInt(4);
        for (Write write : unforced) {
            switch (kind) {
                case 0 -> {
                    // Nothing of it reached the disk.
                }
                case 1 -> durable = written(ownDurable(), write.position(), write.bytes());
                case 2 -> keepPrefix(write, random);
                default -> keepSectors(write, random);
            }
        }
    }

    private void keepPrefix(Write write, RandomGenerator random) {
        int sectors = random.nextInt(write.bytes().remaining() / SECTOR_BYTES + 1);
        durable = written(ownDurable(), write.position(), write.bytes().slice(0, sectors * SECTOR_BYTES));
    }

    private void keepSectors(Write write, RandomGenerator random) {
        int size = write.bytes().remaining();
        int perCent = 1 + random.nextInt(99);
        for (int at = 0; at < size; at += SECTOR_BYTES) {
            if (random.nextInt(100) < perCent) {
                int count = Math.min(SECTOR_BYTES, size - at);
                durable = written(
                        ownDurable(), write.position() + at, write.bytes().slice(at, count));
            }
        }
    }

    void flip(int position, int mask) {
        ownSeen()[position] ^= (byte) mask;
        ownDurable()[position] ^= (byte) mask;
    }

    void rot(int position, int mask) {
        ownDurable()[position] ^= (byte) mask;
    }

    void truncate(int size) {
        seen = Arrays.copyOf(ownSeen(), size);
        durable = Arrays.copyOf(ownDurable(), Math.min(size, durable.length));
    }
}
