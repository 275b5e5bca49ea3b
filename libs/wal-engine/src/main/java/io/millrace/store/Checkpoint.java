package io.millrace.store;

import io.millrace.sealed.SealedManifest;
import io.millrace.wal.CheckedFile;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogManifest;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The state of the shard after a round, and the segments and sealed files that held its batches then: replay
/// starts behind it. This is the one place that says which files count.
///
/// ```
/// version 4 | manifest of segments: end of log 28 | count 4, each: base position 8 | end position 8
/// manifest of sealed files, as `SealedManifest` draws it | state, as `StateCodec` draws it
/// ```
///
/// Threads: immutable.
record Checkpoint(LogManifest manifest, SealedManifest sealed, ByteBuffer state) {

    private static final int VERSION = 4;

    static final String FILE_NAME = "checkpoint";

    /// Durable when it returns.
    void write(WalStorage storage) throws IOException {
        int manifestBytes = Integer.BYTES + manifest.encodedBytes() + sealed.encodedBytes();
        ByteBuffer content = ByteBuffer.allocate(manifestBytes + state.remaining());
        content.putInt(VERSION);
        manifest.encode(content);
        sealed.encode(content);
        content.put(state.duplicate()).flip();
        CheckedFile.write(storage, FILE_NAME, content);
    }

    static Optional<Checkpoint> read(WalStorage storage) throws IOException {
        Optional<ByteBuffer> content = CheckedFile.read(storage, FILE_NAME);
        return content.isEmpty() ? Optional.empty() : Optional.of(decode(content.get()));
    }

    private static Checkpoint decode(ByteBuffer content) throws CorruptLogException {
        int version = content.getInt();
        if (version != VERSION) {
            throw new CorruptLogException(
                    FILE_NAME,
                    0,
                    "the checkpoint has format version " + version + ", this program reads version " + VERSION);
        }
        LogManifest manifest = LogManifest.decode(content);
        SealedManifest sealed = SealedManifest.decode(content);
        return new Checkpoint(manifest, sealed, content.slice());
    }
}
