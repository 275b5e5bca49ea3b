package io.millrace.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.RecordBatch;
import io.millrace.partition.CompactionRule.Reach;
import io.millrace.partition.CompactionWorth.Urgency;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class StretchesTest {

    private static final long HOUR = 3_600_000;

    private final Stretches stretches = new Stretches();
    private long nextOffset;

    /// One record of this size, header included.
    private static RecordBatch batch(long offset, int bytes, long timestampMillis) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        buffer.putLong(0, offset)
                .putInt(8, bytes - RecordBatch.LOG_OVERHEAD_BYTES)
                .put(16, (byte) 2);
        return RecordBatch.view(buffer.putLong(35, timestampMillis));
    }

    private void append(int bytes, long timestampMillis, long roundMillis) {
        stretches.add(batch(nextOffset++, bytes, timestampMillis), roundMillis);
    }

    private int expired(long millisMax, long bytesMax, long nowMillis) {
        return new RetentionRule(millisMax, bytesMax, HOUR).expiredCount(stretches, nowMillis);
    }

    @Test
    void theirNumberStaysSmallAndEachHasASmallShare() {
        SplittableRandom random = new SplittableRandom(3);
        long millis = 0;
        for (int i = 0; i < 200_000; i++) {
            millis += i < 100_000 ? random.nextInt(3) : random.nextInt(2_000);
            append(100 + random.nextInt(i % 1_000 == 0 ? 1_000_000 : 2_000), 0, millis);
            assertThat(stretches.count()).isLessThanOrEqualTo(Stretches.COUNT_MAX);
        }

        long before = 0;
        for (int i = 0; i < stretches.count(); i++) {
            assertThat(stretches.bytes(i)).isLessThan(stretches.totalBytes() / Stretches.SHARES + 1_002_100);
            long last = millis - stretches.ageMillis(i, millis, 0);
            assertThat(last - before).isLessThanOrEqualTo(millis / Stretches.SHARES + 2_000);
            before = last;
        }
        assertThat(stretches.endOffset(stretches.count() - 1)).isEqualTo(200_000);
    }

    @Test
    void whatIsDroppedIsNoLongerCounted() {
        for (int i = 0; i < 10; i++) {
            append(20_000, 0, 0);
        }

        stretches.dropBefore(3);

        assertThat(stretches.count()).isEqualTo(7);
        assertThat(stretches.totalBytes()).isEqualTo(140_000);
        assertThat(stretches.endOffset(0)).isEqualTo(4);
    }

    @Test
    void theyComeBackFromTheCheckpointAsTheyWere() {
        for (int i = 0; i < 10; i++) {
            append(20_000, 7 + i, 2L * i);
        }
        ByteBuffer encoded = ByteBuffer.allocate(stretches.encodedBytes());
        stretches.encode(encoded);

        Stretches decoded = Stretches.decode(encoded.flip());

        assertThat(decoded.count()).isEqualTo(10);
        assertThat(decoded.totalBytes()).isEqualTo(200_000);
        assertThat(decoded.endOffset(9)).isEqualTo(10);
        assertThat(decoded.firstRoundMillis(9)).isEqualTo(18);
        assertThat(decoded.ageMillis(9, 30, 10)).isEqualTo(12);
        assertThat(decoded.ageMillis(0, 30, 5)).isEqualTo(25);
    }

    @Test
    void aCopyStaysWhatItWas() {
        append(20_000, 7, 0);
        Stretches copy = stretches.copy();

        append(20_000, 8, 1);
        stretches.dropBefore(1);

        assertThat(copy.count()).isEqualTo(1);
        assertThat(copy.endOffset(0)).isEqualTo(1);
        assertThat(copy.totalBytes()).isEqualTo(20_000);
        assertThat(stretches.count()).isEqualTo(1);
        assertThat(stretches.endOffset(0)).isEqualTo(2);
    }

    @Test
    void whatCompactionRemovedIsTakenOff() {
        for (int i = 0; i < 10; i++) {
            append(20_000, 0, 0);
        }
        RemovedBytes removed = new RemovedBytes(0);
        removed.add(batch(2, 20_000, 0), 20_000);
        removed.add(batch(4, 20_000, 0), 5_000);
        removed.add(batch(5, 20_000, 0), 0);

        stretches.remove(removed);

        assertThat(removed.total()).isEqualTo(35_000);
        assertThat(stretches.totalBytes()).isEqualTo(165_000);
        assertThat(stretches.bytes(2)).isEqualTo(20_000);
        assertThat(stretches.bytes(4)).isEqualTo(5_000);
        assertThat(stretches.bytes(5)).isZero();
    }

    @Test
    void aDirtyPartitionIsCompactedAsFarAsItIsSealedAndOldEnough() {
        for (int i = 0; i < 10; i++) {
            append(20_000, 0, 1_000L * i);
        }
        CompactionRule rule = new CompactionRule(0.5, 3_000, Long.MAX_VALUE, 0);

        assertThat(rule.decide(stretches, new Reach(0, 20), 9_000)).hasValue(new CompactionWorth(7, 1.0, Urgency.DUE));
        assertThat(rule.decide(stretches, new Reach(0, 5), 9_000)).hasValue(new CompactionWorth(5, 1.0, Urgency.DUE));
        assertThat(rule.decide(stretches, new Reach(2, 5), 9_000)).hasValue(new CompactionWorth(5, 0.6, Urgency.DUE));
        assertThat(rule.decide(stretches, new Reach(4, 8), 9_000))
                .hasValueSatisfying(worth -> assertThat(worth.urgency()).isEqualTo(Urgency.NONE));
        assertThat(rule.decide(stretches, new Reach(0, 20), 2_000)).isEmpty();
        assertThat(rule.decide(stretches, new Reach(7, 7), 90_000)).isEmpty();
    }

    @Test
    void aRecordThatWaitedTooLongMakesItDue() {
        for (int i = 0; i < 10; i++) {
            append(20_000, 0, 1_000L * i);
        }
        CompactionRule rule = new CompactionRule(0.5, 0, 4_000, 0);

        assertThat(rule.decide(stretches, new Reach(9, 10), 13_000))
                .hasValue(new CompactionWorth(10, 0.1, Urgency.NONE));
        assertThat(rule.decide(stretches, new Reach(9, 10), 13_001))
                .hasValue(new CompactionWorth(10, 0.1, Urgency.OVERDUE));
    }

    @Test
    void whatStaysHasAtLeastTheBytesOfTheLimit() {
        for (int i = 0; i < 10; i++) {
            append(20_000, 0, 0);
        }

        assertThat(expired(-1, 200_000, 0)).isZero();
        assertThat(expired(-1, 100_000, 0)).isEqualTo(5);
        assertThat(expired(-1, 99_999, 0)).isEqualTo(5);
        assertThat(expired(-1, 0, 0)).isEqualTo(10);
        assertThat(expired(-1, -1, 0)).isZero();
    }

    @Test
    void ageCountsFromTheAppendAndTheLimitItselfIsNotTooOld() {
        for (int i = 0; i < 10; i++) {
            append(20_000, 0, 1_000L * i);
        }

        assertThat(expired(5_000, -1, 5_000)).isZero();
        assertThat(expired(5_000, -1, 5_001)).isEqualTo(1);
        assertThat(expired(5_000, -1, 60_000)).isEqualTo(10);
        assertThat(expired(Long.MAX_VALUE, -1, Long.MAX_VALUE)).isZero();
    }

    @Test
    void aTimestampFarBehindIsNoReasonToDelete() {
        append(20_000, -1, 50 * HOUR);
        append(20_000, Long.MIN_VALUE, 50 * HOUR);

        assertThat(expired(HOUR, -1, 51 * HOUR)).isZero();
        assertThat(expired(HOUR, -1, 51 * HOUR + 1)).isEqualTo(2);
    }

    @Test
    void aTimestampAheadPostponesButNotForEver() {
        append(20_000, HOUR / 2, 0);
        append(20_000, Long.MAX_VALUE, 1);

        assertThat(expired(2 * HOUR, -1, 2 * HOUR + HOUR / 2)).isZero();
        assertThat(expired(2 * HOUR, -1, 2 * HOUR + HOUR / 2 + 1)).isEqualTo(1);
        assertThat(expired(2 * HOUR, -1, 3 * HOUR + 2)).isEqualTo(2);
        assertThat(expired(10, -1, 21)).isEqualTo(1);
        assertThat(expired(10, -1, 22)).isEqualTo(2);
    }
}
