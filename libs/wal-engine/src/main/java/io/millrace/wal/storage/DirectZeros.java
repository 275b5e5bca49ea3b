package io.millrace.wal.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Writes zeros past the page cache, where the file system takes that. Nobody reads them before they are overwritten,
/// and to copy them through the cache costs the processor about twenty times as much.
///
/// Threads: any.
final class DirectZeros {

    private static final int PIECE_BYTES = 1 << 20;

    private final Set<OpenOption> options;
    private final int alignment;
    private final ByteBuffer zeros;
    /// Cleared by whoever finds that the file system refuses.
    private volatile boolean isTaken;

    DirectZeros(DirectAccess access) {
        this.options = new HashSet<>(access.options());
        options.add(StandardOpenOption.WRITE);
        this.alignment = access.blockBytes();
        this.isTaken = access.isPossible() && PIECE_BYTES % alignment == 0;
        this.zeros = ByteBuffer.allocateDirect(isTaken ? PIECE_BYTES + alignment : 0);
    }

    /// Fills a part of a file.
    ///
    /// @return false if it must be done in another way, because the file system does not take it
    boolean fill(Path file, long position, int count) throws IOException {
        if (!isTaken || position % alignment != 0 || count % alignment != 0) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, options)) {
            ByteBuffer piece = zeros.alignedSlice(alignment);
            for (int done = 0; done < count; ) {
                piece.clear().limit(Math.min(piece.capacity(), count - done));
                done += channel.write(piece, position + done);
            }
            return true;
        } catch (UnsupportedOperationException refused) {
            isTaken = false;
            return false;
        } catch (IOException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            isTaken = false;
            return false;
        }
    }

    /// The JDK has no type for EINVAL and EOPNOTSUPP, only the system's words.
    private static boolean isRefusal(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("invalid argument") || message.contains("not supported");
    }
}
