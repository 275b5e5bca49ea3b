package io.millrace.partition;

import io.millrace.model.ProducerSummary;
import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/// What one idempotent producer wrote to one partition last: its epoch and its last five batches.
///
/// Threads: immutable. Units: sequences wrap from the largest int to zero; milliseconds of the rounds' time.
/// Source: KIP-98, KIP-360; a producer has at most five requests in flight.
final class ProducerState {

    static final int BATCH_COUNT_MAX = 5;

    private final short epoch;
    private final long lastRoundMillis;
    /// Two for each batch, oldest first: its first and last sequence in one long, then its base offset.
    private final long[] batches;

    private ProducerState(short epoch, long lastRoundMillis, long[] batches) {
        this.epoch = epoch;
        this.lastRoundMillis = lastRoundMillis;
        this.batches = batches;
    }

    static ProducerState startingWith(RecordBatch batch, long baseOffset, long roundMillis) {
        long[] first = {sequences(batch), baseOffset};
        return new ProducerState(batch.producerEpoch(), roundMillis, first);
    }

    /// With one more batch. A new epoch forgets the batches of the old one.
    ProducerState with(RecordBatch batch, long baseOffset, long roundMillis) {
        if (batch.producerEpoch() != epoch) {
            return startingWith(batch, baseOffset, roundMillis);
        }
        int dropped = batches.length == 2 * BATCH_COUNT_MAX ? 2 : 0;
        int kept = batches.length - dropped;
        long[] newer = new long[kept + 2];
        System.arraycopy(batches, dropped, newer, 0, kept);
        newer[kept] = sequences(batch);
        newer[kept + 1] = baseOffset;
        return new ProducerState(epoch, roundMillis, newer);
    }

    private static long sequences(RecordBatch batch) {
        return (long) batch.baseSequence() << Integer.SIZE | batch.lastSequence();
    }

    short epoch() {
        return epoch;
    }

    long lastRoundMillis() {
        return lastRoundMillis;
    }

    int lastSequence() {
        return (int) batches[batches.length - 2];
    }

    /// Of the last batch.
    long lastBaseOffset() {
        return batches[batches.length - 1];
    }

    /// Where the same batch is in the log already; the same means the same epoch and the same sequences.
    OptionalLong offsetOf(RecordBatch batch) {
        if (batch.producerEpoch() == epoch) {
            long wanted = sequences(batch);
            for (int i = 0; i < batches.length; i += 2) {
                if (batches[i] == wanted) {
                    return OptionalLong.of(batches[i + 1]);
                }
            }
        }
        return OptionalLong.empty();
    }

    ProducerSummary summary(long producerId) {
        return new ProducerSummary(producerId, epoch, lastSequence(), lastRoundMillis);
    }

    int encodedBytes() {
        return Short.BYTES + Long.BYTES + Integer.BYTES + batches.length * Long.BYTES;
    }

    void encode(ByteBuffer target) {
        target.putShort(epoch).putLong(lastRoundMillis).putInt(batches.length);
        for (long part : batches) {
            target.putLong(part);
        }
    }

    static ProducerState decode(ByteBuffer source) {
        short epoch = source.getShort();
        long lastRoundMillis = source.getLong();
        long[] batches = new long[source.getInt()];
        Arrays.setAll(batches, _ -> source.getLong());
        return new ProducerState(epoch, lastRoundMillis, batches);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProducerState that
                && epoch == that.epoch
                && lastRoundMillis == that.lastRoundMillis
                && Arrays.equals(batches, that.batches);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(batches);
    }
}
