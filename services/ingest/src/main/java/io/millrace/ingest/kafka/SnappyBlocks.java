package io.millrace.ingest.kafka;

import java.nio.ByteBuffer;

/// Checks the lengths in snappy data before the codec allocates what they say.
///
/// Two forms are in use: blocks behind the header of snappy-java, as Java's producers write, and one raw block, as
/// librdkafka writes. A block begins with its uncompressed length, and the codec trusts it: ten bytes may ask for
/// two gigabytes.
///
/// Source: snappy format description; CVE-2023-34455.
final class SnappyBlocks {

    private static final long MAGIC = 0x82_53_4E_41_50_50_59_00L;
    private static final int HEADER_BYTES = 16;

    /// Three bytes can stand for 64 at most.
    private static final int RATIO_MAX = 22;

    private SnappyBlocks() {}

    /// @param compressed the data, from position to limit
    static void check(ByteBuffer compressed) throws InvalidRecordsException {
        ByteBuffer data = compressed.slice();
        if (data.remaining() < HEADER_BYTES || data.getLong(0) != MAGIC) {
            checkBlock(data, data.remaining());
            return;
        }
        data.position(HEADER_BYTES);
        while (data.remaining() >= Integer.BYTES) {
            int length = data.getInt();
            if (isConcatenated(length, data)) {
                data.position(data.position() + HEADER_BYTES - Integer.BYTES);
                continue;
            }
            if (length < 0 || length > data.remaining()) {
                throw new InvalidRecordsException(
                        "A snappy block says it has " + length + " bytes, but " + data.remaining() + " follow");
            }
            checkBlock(data.slice(), length);
            data.position(data.position() + length);
        }
    }

    /// Streams may be joined, and then the header comes again where a length would be.
    private static boolean isConcatenated(int length, ByteBuffer data) {
        return length == (int) (MAGIC >>> Integer.SIZE) && data.remaining() >= HEADER_BYTES - Integer.BYTES;
    }

    private static void checkBlock(ByteBuffer block, int length) throws InvalidRecordsException {
        long uncompressed = 0;
        for (int i = 0; i < Math.min(length, 5); i++) {
            byte next = block.get(i);
            uncompressed |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                if (uncompressed > (long) RATIO_MAX * length) {
                    throw new InvalidRecordsException(
                            "A snappy block of " + length + " bytes says it decompresses to " + uncompressed);
                }
                return;
            }
        }
        throw new InvalidRecordsException("A snappy block has no length");
    }
}
