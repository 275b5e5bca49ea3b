package io.millrace.store;

import io.millrace.partition.CapturedState;
import io.millrace.partition.StateCodec;
import io.millrace.sealed.SealedManifest;
import io.millrace.wal.CheckedFile;
import io.millrace.wal.CheckedFileReader;
import io.millrace.wal.CheckedFileWriter;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogManifest;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The state of the shard, and the segments and sealed files that hold its batches: what replay does not have to
/// bring back. This is the one place that says which files count.
///
/// The manifests and the catalog are of the moment when it was completed, the partitions of moments before. No file
/// that anything in it needs is missing in the manifests: what died meanwhile is still named.
///
/// ```
/// version 4 | records, each behind its length 4:
///   manifest of segments: end of log 28 | count 4, each: base position 8 | end position 8
///     behind it in the same record, the manifest of sealed files, as `SealedManifest` draws it
///   the records of the state, as `StateCodec` draws them
/// ```
///
/// Threads: immutable.
record Checkpoint(LogManifest manifest, SealedManifest sealed, CapturedState state) {

    private static final int VERSION = 4;

    static final String FILE_NAME = "checkpoint";

    /// Durable when it returns.
    void write(WalStorage storage) throws IOException {
        CheckedFile.write(storage, FILE_NAME, this::encode);
    }

    private void encode(CheckedFileWriter target) throws IOException {
        ByteBuffer manifests = ByteBuffer.allocate(manifest.encodedBytes() + sealed.encodedBytes());
        manifest.encode(manifests);
        sealed.encode(manifests);
        target.append(ByteBuffer.allocate(Integer.BYTES).putInt(0, VERSION));
        target.put(manifests.flip());
        StateCodec.encode(state, target::put);
    }

    /// What the next one needs of the disk while the last one is still there: as much as that, with room to grow.
    static long bytesForNext(WalStorage storage) throws IOException {
        return 2 * CheckedFile.size(storage, FILE_NAME);
    }

    static Optional<Checkpoint> read(WalStorage storage) throws IOException {
        Optional<CheckedFileReader> found = CheckedFileReader.open(storage, FILE_NAME);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (CheckedFileReader reader = found.get()) {
            return Optional.of(decode(reader));
        }
    }

    private static Checkpoint decode(CheckedFileReader source) throws IOException {
        int version = source.take(Integer.BYTES).getInt();
        if (version != VERSION) {
            throw new CorruptLogException(
                    FILE_NAME,
                    0,
                    "the checkpoint has format version " + version + ", this program reads version " + VERSION);
        }
        ByteBuffer manifests = source.next();
        LogManifest manifest = LogManifest.decode(manifests);
        SealedManifest sealed = SealedManifest.decode(manifests);
        return new Checkpoint(manifest, sealed, StateCodec.decode(source::next));
    }
}
