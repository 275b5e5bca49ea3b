package io.millrace.sealed;

import io.millrace.model.PartitionId;
import io.millrace.partition.EntryCodec;
import io.millrace.wal.LogRecord;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Sizes and sums of the layout that the package comment draws.
final class SealedFormat {

    static final int VERSION = 2;
    static final int HEADER_BYTES = 64;
    static final int TRAILER_BYTES = 64;
    static final int INDEX_ENTRY_BYTES = 24;
    static final int TABLE_ENTRY_BYTES = 88;
    static final int RUN_END_TYPE = 64;
    static final int RUN_END_BODY_BYTES = 48;
    static final int RUN_END_BYTES = LogRecord.sizeInLog(RUN_END_BODY_BYTES);

    private static final String SUFFIX = ".sealed";
    private static final String WRITING_SUFFIX = ".writing";

    private SealedFormat() {}

    static String fileName(long number) {
        return String.format("%020d%s", number, SUFFIX);
    }

    static String writingName(long number) {
        return fileName(number) + WRITING_SUFFIX;
    }

    static boolean isSealed(String fileName) {
        return fileName.length() == 20 + SUFFIX.length() && fileName.endsWith(SUFFIX);
    }

    static boolean isLeftover(String fileName) {
        return fileName.endsWith(SUFFIX + WRITING_SUFFIX);
    }

    static long number(String fileName) {
        return Long.parseLong(fileName.substring(0, 20));
    }

    static int checksum(ByteBuffer buffer, int from, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(from, bytes));
        return (int) crc.getValue();
    }

    /// What the record at the end of a run says.
    record RunEnd(PartitionId partitionId, long firstOffset, long endOffset, long batchCount) {

        ByteBuffer encoded() {
            ByteBuffer body = ByteBuffer.allocate(RUN_END_BODY_BYTES);
            EntryCodec.encodePartition(partitionId, body);
            body.putLong(firstOffset).putLong(endOffset).putLong(batchCount).flip();
            ByteBuffer record = ByteBuffer.allocate(RUN_END_BYTES);
            LogRecord.encode(RUN_END_TYPE, body, record);
            return record.flip();
        }

        static RunEnd decode(ByteBuffer body) {
            return new RunEnd(EntryCodec.partitionId(body), body.getLong(24), body.getLong(32), body.getLong(40));
        }
    }
}
