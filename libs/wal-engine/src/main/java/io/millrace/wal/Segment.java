package io.millrace.wal;

import io.millrace.wal.storage.SharedFile;
import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;

/// One segment file that is open.
///
/// Threads: one writes, any number reads. The file is closed when the log has let it go and the last reader is done.
final class Segment {

    private static final String SUFFIX = ".segment";
    private static final String PREPARING_SUFFIX = ".preparing";
    private static final String FREED_SUFFIX = ".freed";
    /// Forced in steps, so that the commit thread's forces do not wait behind a whole segment of zeros.
    private static final int FORCE_EVERY_BYTES = 4 << 20;

    private final SharedFile shared;
    private final SegmentHeader header;
    /// Written by the commit thread.
    private volatile long endPosition;

    private Segment(WalFile file, SegmentHeader header) {
        this.shared = new SharedFile(file);
        this.header = header;
        this.endPosition = header.basePosition() + WalFormat.SEGMENT_HEADER_BYTES;
    }

    static String fileName(long basePosition) {
        return String.format("%020d%s", basePosition, SUFFIX);
    }

    static boolean isSegment(String fileName) {
        return fileName.length() == 20 + SUFFIX.length() && fileName.endsWith(SUFFIX);
    }

    /// A file that is none yet or none any more.
    static boolean isLeftover(String fileName) {
        return fileName.endsWith(PREPARING_SUFFIX) || fileName.endsWith(FREED_SUFFIX);
    }

    /// Makes a segment ready for use: everything on the disk, under its final name, before anybody writes to it.
    static Segment prepare(WalStorage storage, SegmentHeader header) throws IOException {
        String preparingName = fileName(header.basePosition()) + PREPARING_SUFFIX;
        storage.delete(preparingName);
        return prepare(storage, header, storage.create(preparingName));
    }

    /// The same with the file of a segment that is no more, see [#giveUpName].
    static Segment prepare(WalStorage storage, SegmentHeader header, String freedName) throws IOException {
        return prepare(storage, header, storage.open(freedName));
    }

    private static Segment prepare(WalStorage storage, SegmentHeader header, WalFile file) throws IOException {
        String fileName = fileName(header.basePosition());
        try (WalFile preparing = file) {
            fillWithZeros(preparing, header.segmentBytes());
            preparing.write(header.encoded(), 0);
            preparing.force();
        } catch (IOException e) {
            storage.delete(file.name());
            throw e;
        }
        storage.rename(file.name(), fileName);
        storage.forceDirectory();
        return new Segment(storage.open(fileName), header);
    }

    private static void fillWithZeros(WalFile file, int bytes) throws IOException {
        for (int at = 0; at < bytes; at += FORCE_EVERY_BYTES) {
            file.zero(at, Math.min(FORCE_EVERY_BYTES, bytes - at));
            file.force();
        }
    }

    /// Renames the file of a segment that nobody holds any more. Its content may change once the directory was forced:
    /// before, a crash could bring the segment's name back.
    ///
    /// @return the name that it has now
    String giveUpName(WalStorage storage) throws IOException {
        String freedName = file().name() + FREED_SUFFIX;
        storage.rename(file().name(), freedName);
        return freedName;
    }

    static Segment open(WalStorage storage, String fileName, LogIdentity identity) throws IOException {
        Segment segment = open(storage, fileName);
        if (!segment.header.identity().equals(identity)) {
            segment.release();
            throw new CorruptLogException(
                    fileName,
                    16,
                    "the segment belongs to cluster " + segment.header.identity() + ", not to " + identity);
        }
        return segment;
    }

    /// Whatever cluster it belongs to.
    static Segment open(WalStorage storage, String fileName) throws IOException {
        WalFile file = storage.open(fileName);
        try {
            ByteBuffer bytes = ByteBuffer.allocate(WalFormat.SEGMENT_HEADER_BYTES);
            file.read(bytes, 0);
            SegmentHeader header = SegmentHeader.decode(bytes.flip(), fileName);
            check(file, header);
            return new Segment(file, header);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static void check(WalFile file, SegmentHeader header) throws IOException {
        if (!file.name().equals(fileName(header.basePosition()))) {
            throw new CorruptLogException(
                    file.name(), 40, "the segment was written as " + fileName(header.basePosition()));
        }
        if (file.size() != header.segmentBytes()) {
            throw new CorruptLogException(
                    file.name(), file.size(), "the file should have " + header.segmentBytes() + " bytes");
        }
    }

    SegmentHeader header() {
        return header;
    }

    WalFile file() {
        return shared.file();
    }

    long basePosition() {
        return header.basePosition();
    }

    long endPosition() {
        return endPosition;
    }

    void moveEnd(long newEndPosition) {
        endPosition = newEndPosition;
    }

    int bytesLeft() {
        return (int) (header.endOfSegment() - endPosition);
    }

    CorruptLogException corrupt(long position, String what) {
        return new CorruptLogException(file().name(), position - header.basePosition(), what);
    }

    /// Keeps the file open; false if the log has let it go already.
    boolean hold() {
        return shared.hold();
    }

    /// Whether nobody holds it now, nor ever will.
    boolean release() throws IOException {
        return shared.release();
    }
}
