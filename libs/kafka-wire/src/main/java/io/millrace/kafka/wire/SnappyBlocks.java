package io.millrace.kafka.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Checks the lengths in snappy data before the codec allocates what they say.
///
/// Two forms are in use: blocks behind the header of snappy-java, as Java's producers write, and one raw block, as
/// librdkafka writes. A block begins with its uncompressed length, and the codec trusts it: ten bytes may ask
/// for two gigabytes. The other codecs take no more than a few megabytes before they read: lz4 a block, zstd
/// a window that the system gives page by page as it fills.
///
/// Threads: stateless. Source: snappy format description; CVE-2023-34455.
public final class SnappyBlocks {

    private static final long MAGIC = 0x82_53_4E_41_50_50_59_00L;
    private static final int HEADER_BYTES = 16;

    /// Three bytes can stand for 64 at most.
    private static final int RATIO_MAX = 22;

    /// The codec calls itself for each header that comes behind another.
    private static final int HEADERS_IN_A_ROW_MAX = 100;

    private SnappyBlocks() {}

    /// What is wrong with the lengths.
    ///
    /// @param compressed the data, from position to limit
    /// @param uncompressedBytesMax what all of it may decompress to, and so a block
    public static Optional<String> problem(ByteBuffer compressed, long uncompressedBytesMax) {
        ByteBuffer data = compressed.slice();
        if (data.remaining() < HEADER_BYTES || data.getLong(0) != MAGIC) {
            return blockProblem(data, data.remaining(), uncompressedBytesMax);
        }
        data.position(HEADER_BYTES);
        int headersInARow = 0;
        while (data.remaining() >= Integer.BYTES) {
            int length = data.getInt();
            if (isConcatenated(length, data)) {
                if (++headersInARow > HEADERS_IN_A_ROW_MAX) {
                    return Optional.of("A snappy stream has more than " + HEADERS_IN_A_ROW_MAX + " headers in a row");
                }
                data.position(data.position() + HEADER_BYTES - Integer.BYTES);
                continue;
            }
            headersInARow = 0;
            if (length < 0 || length > data.remaining()) {
                return Optional.of(
                        "A snappy block says it has " + length + " bytes, but " + data.remaining() + " follow");
            }
            Optional<String> problem = blockProblem(data.slice(), length, uncompressedBytesMax);
            if (problem.isPresent()) {
                return problem;
            }
            data.position(data.position() + length);
        }
        return Optional.empty();
    }

    /// Streams may be joined, and then the header comes again where a length would be.
    private static boolean isConcatenated(int length, ByteBuffer data) {
        return length == (int) (MAGIC >>> Integer.SIZE) && data.remaining() >= HEADER_BYTES - Integer.BYTES;
    }

    private static Optional<String> blockProblem(ByteBuffer block, int length, long uncompressedBytesMax) {
        long uncompressed = 0;
        for (int i = 0; i < Math.min(length, 5); i++) {
            byte next = block.get(i);
            uncompressed |= (next & 0x7fL) << (7 * i);
            if (next >= 0) {
                return uncompressed > Math.min((long) RATIO_MAX * length, uncompressedBytesMax)
                        ? Optional.of("A snappy block of " + length + " bytes says it decompresses to " + uncompressed)
                        : Optional.empty();
            }
        }
        return Optional.of("A snappy block has no length");
    }
}
