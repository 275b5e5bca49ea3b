package io.millrace.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// The content of one simulated file: what the process sees, what is durable, and the writes in between.
///
/// Threads: one.
final class SimulatedFile {

    private static final int SECTOR_BYTES = 512;

    private final List<Write> unforced = new ArrayList<>();
    private byte[] seen;
    private byte[] durable;

    private record Write(int position, ByteBuffer bytes) {}

    SimulatedFile() {
        this(new byte[0]);
    }

    private SimulatedFile(byte[] content) {
        this.seen = content;
        this.durable = content.clone();
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
        seen = written(seen, position, copy);
    }

    private static byte[] written(byte[] content, int position, ByteBuffer bytes) {
        int end = position + bytes.remaining();
        byte[] larger = end > content.length ? Arrays.copyOf(content, end) : content;
        bytes.duplicate().get(larger, position, bytes.remaining());
        return larger;
    }

    int read(ByteBuffer target, int position) {
        int count = Math.max(0, Math.min(target.remaining(), seen.length - position));
        target.put(seen, position, count);
        return count;
    }

    void force() {
        for (Write write : unforced) {
            durable = written(durable, write.position(), write.bytes());
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
        SimulatedFile left = new SimulatedFile(durable.clone());
        left.unforced.addAll(unforced);
        left.keepSome(random);
        return new SimulatedFile(left.durable);
    }

    /// What a crash of the process leaves, with the machine still running: everything.
    SimulatedFile afterProcessCrash() {
        SimulatedFile left = new SimulatedFile(durable.clone());
        left.unforced.addAll(unforced);
        left.seen = seen.clone();
        return left;
    }

    private void keepSome(RandomGenerator random) {
        int kind = random.nextInt(4);
        for (Write write : unforced) {
            switch (kind) {
                case 0 -> {
                    // Nothing of it reached the disk.
                }
                case 1 -> durable = written(durable, write.position(), write.bytes());
                case 2 -> keepPrefix(write, random);
                default -> keepSectors(write, random);
            }
        }
    }

    private void keepPrefix(Write write, RandomGenerator random) {
        int sectors = random.nextInt(write.bytes().remaining() / SECTOR_BYTES + 1);
        durable = written(durable, write.position(), write.bytes().slice(0, sectors * SECTOR_BYTES));
    }

    private void keepSectors(Write write, RandomGenerator random) {
        int size = write.bytes().remaining();
        int perCent = 1 + random.nextInt(99);
        for (int at = 0; at < size; at += SECTOR_BYTES) {
            if (random.nextInt(100) < perCent) {
                int count = Math.min(SECTOR_BYTES, size - at);
                durable = written(durable, write.position() + at, write.bytes().slice(at, count));
            }
        }
    }

    void flip(int position, int mask) {
        seen[position] ^= (byte) mask;
        durable[position] ^= (byte) mask;
    }

    void truncate(int size) {
        seen = Arrays.copyOf(seen, size);
        durable = Arrays.copyOf(durable, Math.min(size, durable.length));
    }
}
