package io.millrace.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.RecordBatches;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.millrace.runtime.rest.ProblemException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class RecordStreamsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<RecordBatch> log = new CopyOnWriteArrayList<>();
    private final Queue<CompletableFuture<Void>> waiters = new ConcurrentLinkedQueue<>();
    private final PartitionRecords records = new PartitionRecords(
            name -> Uni.createFrom().item(Optional.of(new Topic(new TopicId(1, 2), name, 1, Map.of()))),
            this::read,
            queries -> Uni.createFrom().item(List.of(new OffsetOutcome.Found(log.size(), -1, 1))),
            1_000_000);
    private final RecordStreams streams = new RecordStreams(records, this::awaitNews, 1, Duration.ofSeconds(1));

    @Test
    void whatIsThereComesAtOnceAndTheRestWhenItIsWritten() {
        append();
        append();
        var reader = open(new ReadFrom.Offset(1), Long.MAX_VALUE);
        reader.awaitItems(1, PATIENCE);

        append();
        reader.awaitItems(2, PATIENCE);

        assertThat(offsets(reader)).containsExactly(1L, 2L);
        reader.cancel();
    }

    @Test
    void fromNowOnNothingOldComes() {
        append();
        var reader = open(new ReadFrom.End(), Long.MAX_VALUE);
        reader.awaitItems(1, PATIENCE);

        append();
        reader.awaitItems(2, PATIENCE);

        assertThat(offsets(reader)).containsExactly(1L);
        reader.cancel();
    }

    @Test
    void aStreamGivesASignOfLifeAtItsBeginningAndWheneverItWasQuietForLong() {
        var reader = open(new ReadFrom.Offset(0), Long.MAX_VALUE);
        reader.awaitItems(1, PATIENCE);

        wake();
        reader.awaitItems(2, PATIENCE);

        assertThat(reader.getItems()).containsExactly(Optional.empty(), Optional.empty());
        reader.cancel();
    }

    @Test
    void aSlowReaderGetsWhatItAsksFor() {
        append();
        append();
        append();
        var reader = open(new ReadFrom.Offset(0), 1);
        reader.awaitItems(1, PATIENCE);

        reader.request(1);
        reader.awaitItems(2, PATIENCE);

        assertThat(offsets(reader)).containsExactly(0L, 1L);
        reader.cancel();
    }

    @Test
    void moreStreamsThanAllowedAreRefusedUntilOneEnds() {
        append();
        var first = open(new ReadFrom.Offset(0), Long.MAX_VALUE);
        assertThatThrownBy(() -> streams.open("orders", 0, new ReadFrom.End()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        thrown -> assertThat(thrown.problem().status()).isEqualTo(503));

        first.cancel();
        var second = open(new ReadFrom.Offset(0), Long.MAX_VALUE);
        second.awaitItems(1, PATIENCE);

        assertThat(offsets(second)).containsExactly(0L);
        second.cancel();
    }

    private AssertSubscriber<Optional<PlainRecord>> open(ReadFrom from, long requested) {
        return streams.open("orders", 0, from).subscribe().withSubscriber(AssertSubscriber.create(requested));
    }

    private static List<Long> offsets(AssertSubscriber<Optional<PlainRecord>> reader) {
        return reader.getItems().stream()
                .flatMap(Optional::stream)
                .map(PlainRecord::offset)
                .toList();
    }

    private void append() {
        ByteBuffer value = ByteBuffer.wrap("value".getBytes(UTF_8));
        PlainRecord record = new PlainRecord(0, 1, Optional.empty(), Optional.of(value), List.of());
        log.add(RecordBatches.build(List.of(record), 0).placedAt(log.size(), 1));
        waiters.forEach(waiter -> waiter.complete(null));
    }

    /// Waits for the stream to wait, and ends that without news.
    private void wake() {
        CompletableFuture<Void> waiter;
        do {
            waiter = waiters.poll();
            Thread.onSpinWait();
        } while (waiter == null);
        waiter.complete(null);
    }

    private Uni<Void> awaitNews(Map<PartitionId, Long> seen, Duration atMost) {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        waiters.add(waiter);
        if (log.size() > seen.values().iterator().next()) {
            waiter.complete(null);
        }
        return Uni.createFrom().completionStage(waiter);
    }

    private Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        int from = (int) requests.getFirst().fromOffset();
        List<RecordBatch> all = List.copyOf(log);
        Watermarks watermarks = new Watermarks(0, all.size(), all.size(), 1);
        return Uni.createFrom().item(List.of(new ReadOutcome.Batches(all.subList(from, all.size()), watermarks)));
    }
}
