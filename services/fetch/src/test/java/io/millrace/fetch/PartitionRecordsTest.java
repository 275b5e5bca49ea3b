package io.millrace.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.CallFailedException;
import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.RecordBatches;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.millrace.runtime.rest.ProblemException;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class PartitionRecordsTest {

    /// Each batch has records of the milliseconds 1 to 3.
    private static final long LATEST_MILLIS = 3;

    private static final Watermarks WATERMARKS = new Watermarks(3, 9, 9, 1);

    private final List<ReadRequest> asked = new ArrayList<>();
    private Uni<Optional<Topic>> topic =
            Uni.createFrom().item(Optional.of(new Topic(new TopicId(1, 2), "orders", 1, Map.of())));
    private ReadOutcome outcome = new ReadOutcome.Batches(List.of(batch(3), batch(6)), WATERMARKS);

    @Test
    void aPageStartsInsideABatchAndEndsInsideAnother() {
        PartitionRecords.Page page = page(new ReadFrom.Offset(4), 4);

        assertThat(page.records()).extracting(PlainRecord::offset).containsExactly(4L, 5L, 6L, 7L);
        assertThat(page.nextOffset()).isEqualTo(8);
    }

    @Test
    void withoutAnOffsetAPageStartsAtTheOldestRecord() {
        PartitionRecords.Page page = page(new ReadFrom.Beginning(), 100);

        assertThat(asked.getFirst().fromOffset()).isEqualTo(3);
        assertThat(page.records()).hasSize(6);
        assertThat(page.nextOffset()).isEqualTo(9);
    }

    @Test
    void atTheEndThereIsNothingAndTheNextPageBeginsThere() {
        outcome = new ReadOutcome.Batches(List.of(), WATERMARKS);

        PartitionRecords.Page page = page(new ReadFrom.Offset(9), 100);

        assertThat(page.records()).isEmpty();
        assertThat(page.nextOffset()).isEqualTo(9);
    }

    @Test
    void theLastOnesAreCountedFromTheEndAndNeverBeforeTheBeginning() {
        page(new ReadFrom.Last(2), 100);
        page(new ReadFrom.Last(50), 100);
        page(new ReadFrom.End(), 100);

        assertThat(asked).extracting(ReadRequest::fromOffset).containsExactly(7L, 3L, 9L);
    }

    @Test
    void aTimestampLeadsIntoACompressedBatch() {
        PartitionRecords.Page page = page(new ReadFrom.Timestamp(LATEST_MILLIS), 2);

        assertThat(page.records()).extracting(PlainRecord::offset).containsExactly(5L, 6L);
        assertThat(page.nextOffset()).isEqualTo(7);
    }

    @Test
    void aTimestampThatNoRecordHasLeadsToTheEnd() {
        outcome = new ReadOutcome.Batches(List.of(), WATERMARKS);

        PartitionRecords.Page page = page(new ReadFrom.Timestamp(LATEST_MILLIS + 1), 2);

        assertThat(asked.getFirst().fromOffset()).isEqualTo(9);
        assertThat(page.records()).isEmpty();
    }

    @Test
    void eachRefusalAndSilenceHasItsStatus() {
        outcome = new ReadOutcome.OutOfRange(WATERMARKS);
        assertStatus(() -> page(new ReadFrom.Offset(99), 1), 400);
        outcome = new ReadOutcome.Refused(Refusal.UNKNOWN_PARTITION, "no such partition");
        assertStatus(() -> page(new ReadFrom.Offset(0), 1), 404);
        outcome = new ReadOutcome.Unknown("silence");
        assertStatus(() -> page(new ReadFrom.Offset(0), 1), 503);
        topic = Uni.createFrom().item(Optional.empty());
        assertStatus(() -> page(new ReadFrom.Offset(0), 1), 404);
        topic = Uni.createFrom().failure(new CallFailedException("silence"));
        assertStatus(() -> page(new ReadFrom.Offset(0), 1), 503);
    }

    private PartitionRecords.Page page(ReadFrom from, int recordsMax) {
        PartitionRecords records = new PartitionRecords(
                name -> topic,
                (requests, bytes) -> {
                    asked.addAll(requests);
                    return Uni.createFrom().item(List.of(outcome));
                },
                queries -> Uni.createFrom()
                        .item(queries.stream().map(PartitionRecordsTest::offset).toList()),
                1_000_000);
        return records.page("orders", 0, from, recordsMax).await().atMost(Duration.ofSeconds(5));
    }

    private static OffsetOutcome offset(OffsetQuery query) {
        return switch (query) {
            case OffsetQuery.Earliest _ -> new OffsetOutcome.Found(3, -1, 1);
            case OffsetQuery.Latest _ -> new OffsetOutcome.Found(9, -1, 1);
            case OffsetQuery.AtTimestamp at when at.timestampMillis() > LATEST_MILLIS -> new OffsetOutcome.NotFound();
            case OffsetQuery.AtTimestamp _ -> new OffsetOutcome.InBatch(batch(3), 3);
            case OffsetQuery.MaxTimestamp _, OffsetQuery.EndOfEpoch _ -> throw new AssertionError(query);
        };
    }

    private static void assertStatus(ThrowingCallable call, int status) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        thrown -> assertThat(thrown.problem().status()).isEqualTo(status));
    }

    private static RecordBatch batch(long baseOffset) {
        ByteBuffer value = ByteBuffer.wrap("value".getBytes(UTF_8));
        List<PlainRecord> records = IntStream.rangeClosed(1, 3)
                .mapToObj(millis -> new PlainRecord(0, millis, Optional.empty(), Optional.of(value), List.of()))
                .toList();
        return RecordBatches.build(records, 1).placedAt(baseOffset, 1);
    }
}
