package io.millrace.coordinator.slots;

/// The bounds of a [SlotLog].
///
/// Units: bytes.
///
/// @param segmentBytes of each file; a value must fit into one
/// @param roundBytesMax what one write and one force gather at most, unless a single value is larger
/// @param spareBytesMin what preparing a segment leaves free on the disk
public record SlotLogOptions(int segmentBytes, int roundBytesMax, long spareBytesMin) {

    /// The longest name, in UTF-8.
    public static final int NAME_BYTES_MAX = 0xFFFF;

    private static final int SEGMENT_BYTES_MIN = 64 << 10;

    public SlotLogOptions {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes % 4096 != 0) {
            throw new IllegalArgumentException("A segment has at least " + SEGMENT_BYTES_MIN
                    + " bytes and is a multiple of 4096, not " + segmentBytes + ".");
        }
        if (roundBytesMax < 4096 || roundBytesMax > segmentBytes / 4) {
            throw new IllegalArgumentException(
                    "A round has at least 4096 bytes and at most a quarter of a segment, not " + roundBytesMax + ".");
        }
        if (spareBytesMin < 0) {
            throw new IllegalArgumentException("The spare bytes are not negative.");
        }
    }

    /// The largest record that fits into an empty segment, with room for headers.
    int recordBytesMax() {
        return segmentBytes - 2 * 4096;
    }

    /// The largest value that fits beside the longest name.
    public int valueBytesMax() {
        return recordBytesMax() - SlotRecord.headBytes(NAME_BYTES_MAX);
    }
}
