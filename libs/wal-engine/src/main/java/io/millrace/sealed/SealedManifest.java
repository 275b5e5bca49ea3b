package io.millrace.sealed;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Which sealed files there must be at a checkpoint. What it does not name is deleted at the next start.
///
/// ```
/// next number 8 | file count 4, each: number 8 | end of its runs 8 | run count 4
/// ```
///
/// Threads: immutable. Units: file positions.
///
/// @param nextNumber larger than the number of any file there was
/// @param files those with something living in them, numbers ascending
public record SealedManifest(long nextNumber, List<Name> files) {

    private static final int NAME_BYTES = 2 * Long.BYTES + Integer.BYTES;

    public SealedManifest {
        files = List.copyOf(files);
    }

    /// One file, and what its footer must say.
    public record Name(long number, long dataEnd, int runCount) {}

    /// Before the first file was sealed.
    public static SealedManifest empty() {
        return new SealedManifest(1, List.of());
    }

    public int encodedBytes() {
        return Long.BYTES + Integer.BYTES + files.size() * NAME_BYTES;
    }

    public void encode(ByteBuffer target) {
        target.putLong(nextNumber).putInt(files.size());
        for (Name file : files) {
            target.putLong(file.number()).putLong(file.dataEnd()).putInt(file.runCount());
        }
    }

    public static SealedManifest decode(ByteBuffer source) {
        long nextNumber = source.getLong();
        int count = source.getInt();
        List<Name> files = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            files.add(new Name(source.getLong(), source.getLong(), source.getInt()));
        }
        return new SealedManifest(nextNumber, files);
    }
}
