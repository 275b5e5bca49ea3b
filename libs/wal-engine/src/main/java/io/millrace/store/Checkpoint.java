package io.millrace.store;

import io.millrace.wal.CheckedFile;
import io.millrace.wal.LogManifest;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The state of the shard after a round, and the segments that the log consisted of then: replay starts behind it.
///
/// ```
/// manifest: end of log 28 | segment count 4, each: base position 8 | end position 8
/// state, as `StateCodec` draws it
/// ```
///
/// Threads: immutable.
record Checkpoint(LogManifest manifest, ByteBuffer state) {

    static final String FILE_NAME = "checkpoint";

    /// Durable when it returns.
    void write(WalStorage storage) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(manifest.encodedBytes() + state.remaining());
        manifest.encode(content);
        content.put(state.duplicate()).flip();
        CheckedFile.write(storage, FILE_NAME, content);
    }

    static Optional<Checkpoint> read(WalStorage storage) throws IOException {
        return CheckedFile.read(storage, FILE_NAME).map(content -> {
            LogManifest manifest = LogManifest.decode(content);
            return new Checkpoint(manifest, content.slice());
        });
    }
}
