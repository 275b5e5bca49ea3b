package io.millrace.wal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Which segments a log consists of up to a position, and where each of them ends.
///
/// Before that position, a segment that is not named has been freed, and one that is named must be there, whole.
///
/// Threads: immutable. Units: WAL positions.
///
/// @param segments in order; the last one is where the end lies
public record LogManifest(List<SegmentEnd> segments, LogEnd end) {

    public LogManifest {
        segments = List.copyOf(segments);
    }

    /// One named segment.
    public record SegmentEnd(long basePosition, long endPosition) {}

    public int encodedBytes() {
        return LogEnd.ENCODED_BYTES + Integer.BYTES + segments.size() * 2 * Long.BYTES;
    }

    public void encode(ByteBuffer target) {
        end.encode(target);
        target.putInt(segments.size());
        for (SegmentEnd segment : segments) {
            target.putLong(segment.basePosition()).putLong(segment.endPosition());
        }
    }

    public static LogManifest decode(ByteBuffer source) {
        LogEnd end = LogEnd.decode(source);
        int count = source.getInt();
        List<SegmentEnd> segments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            segments.add(new SegmentEnd(source.getLong(), source.getLong()));
        }
        return new LogManifest(segments, end);
    }
}
