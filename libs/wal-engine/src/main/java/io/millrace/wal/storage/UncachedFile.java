package io.millrace.wal.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/// A file whose reads go to the disk itself, which the system does only in whole blocks: they pass through a buffer.
///
/// Threads: one at a time for all files of the same [Reads]. Units: bytes.
record UncachedFile(String name, FileChannel channel, Reads reads, Runnable closed) implements WalFile {

    /// How files are opened for such reads, and the buffer that they share: memory outside of the heap comes back late.
    static final class Reads {

        private static final int BUFFER_BYTES = 1 << 20;

        private final Set<OpenOption> options;
        private final int blockBytes;
        private final ByteBuffer blocks;

        Reads(DirectAccess access) {
            this.options = new HashSet<>(access.options());
            options.add(StandardOpenOption.READ);
            this.blockBytes = access.blockBytes();
            this.blocks = ByteBuffer.allocateDirect(BUFFER_BYTES + blockBytes).alignedSlice(blockBytes);
        }

        UncachedFile open(Path path, Runnable closed) throws IOException {
            return new UncachedFile(path.getFileName().toString(), FileChannel.open(path, options), this, closed);
        }

        private int read(ByteBuffer target, FileChannel channel, long position) throws IOException {
            long first = position / blockBytes * blockBytes;
            int skipped = (int) (position - first);
            int wanted = (skipped + target.remaining() + blockBytes - 1) / blockBytes * blockBytes;
            blocks.clear().limit(Math.min(wanted, blocks.capacity()));
            int count = Math.min(channel.read(blocks, first) - skipped, target.remaining());
            if (count > 0) {
                target.put(blocks.slice(skipped, count));
            }
            return count;
        }
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        throw refusal();
    }

    @Override
    public void zero(long position, int count) throws IOException {
        throw refusal();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int done = 0;
        int count = 1;
        while (target.hasRemaining() && count > 0) {
            count = reads.read(target, channel, position + done);
            done += Math.max(0, count);
        }
        return done;
    }

    @Override
    public void force() throws IOException {
        throw refusal();
    }

    private IOException refusal() {
        return new IOException(name + " was opened for reading only");
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            closed.run();
        }
    }
}
