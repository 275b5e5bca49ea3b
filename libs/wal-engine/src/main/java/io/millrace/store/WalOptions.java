package io.millrace.store;

import io.millrace.sealed.SealOptions;
import java.time.Duration;

/// The bounds of a [LogStore].
///
/// Units: bytes and counts as named.
///
/// @param segmentBytes the size of each WAL segment file
/// @param recycledSegmentsMax how many files of segments in which nothing lives are kept to be used again
/// @param roundBytesMax what one round gathers at most; a single larger batch gets a round of its own
/// @param batchBytesMax the largest batch that any topic can accept
/// @param queueBytesMax how much may wait for a round before more is refused as overloaded
/// @param queueCountMax how many batches and commands may wait
/// @param readBytesMax the most bytes that one read answers, whatever it asks for
/// @param partitionCountMax how many partitions the shard holds at most
/// @param defaultPartitionCount of a topic that is created with -1 partitions
/// @param replicationFactorMax what a new topic may ask for; everything above 1 is accepted although one replica is
/// kept
/// @param spareBytesMin the space that preparing a segment leaves free, so that a checkpoint can still be written
/// @param producerExpiry how long the state of an idle idempotent producer is kept
/// @param retentionCheckInterval how often each partition is looked at for what is too old or too much
/// @param checkpointBytes how much is written to the log before the next checkpoint, which bounds what is replayed
/// @param checkpointSliceMax how many partitions a checkpoint takes down between two rounds
/// @param compactionMapBytes memory for the keys of the partition that is being compacted
public record WalOptions(
        int segmentBytes,
        int recycledSegmentsMax,
        int roundBytesMax,
        int batchBytesMax,
        long queueBytesMax,
        int queueCountMax,
        int readBytesMax,
        int partitionCountMax,
        int defaultPartitionCount,
        int replicationFactorMax,
        long spareBytesMin,
        Duration producerExpiry,
        Duration retentionCheckInterval,
        long checkpointBytes,
        int checkpointSliceMax,
        SealOptions sealing,
        long compactionMapBytes) {

    private static final int ALIGNMENT = 4096;

    public WalOptions {
        check(
                segmentBytes >= 64 * 1024 && segmentBytes % ALIGNMENT == 0,
                "segmentBytes: a multiple of 4096 from 65536");
        check(recycledSegmentsMax >= 0, "recycledSegmentsMax: not negative");
        check(roundBytesMax >= ALIGNMENT && roundBytesMax <= segmentBytes / 2, "roundBytesMax: 4096 to half a segment");
        check(batchBytesMax >= 1 && batchBytesMax <= segmentBytes / 2, "batchBytesMax: at most half a segment");
        check(queueBytesMax >= batchBytesMax, "queueBytesMax: at least batchBytesMax");
        check(queueCountMax >= 1, "queueCountMax: at least 1");
        check(readBytesMax >= 1, "readBytesMax: at least 1");
        check(partitionCountMax >= 1, "partitionCountMax: at least 1");
        check(defaultPartitionCount >= 1, "defaultPartitionCount: at least 1");
        check(replicationFactorMax >= 1, "replicationFactorMax: at least 1");
        check(spareBytesMin >= 0, "spareBytesMin: not negative");
        check(producerExpiry.isPositive(), "producerExpiry: positive");
        check(retentionCheckInterval.isPositive(), "retentionCheckInterval: positive");
        check(compactionMapBytes >= 1024, "compactionMapBytes: at least 1024");
        check(checkpointBytes >= 1, "checkpointBytes: at least 1");
        check(checkpointSliceMax >= 1, "checkpointSliceMax: at least 1");
    }

    /// For one machine.
    public static WalOptions defaults() {
        int mebibyte = 1 << 20;
        return new WalOptions(
                64 * mebibyte,
                2,
                4 * mebibyte,
                32 * mebibyte,
                64L * mebibyte,
                100_000,
                32 * mebibyte,
                100_000,
                1,
                1,
                32L * mebibyte,
                Duration.ofDays(1),
                Duration.ofSeconds(10),
                256L * mebibyte,
                256,
                SealOptions.defaults(),
                16L * mebibyte);
    }

    private static void check(boolean isLegal, String rule) {
        if (!isLegal) {
            throw new IllegalArgumentException(rule);
        }
    }
}
