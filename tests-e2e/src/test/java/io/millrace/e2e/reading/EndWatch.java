package io.millrace.e2e.reading;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.HostPort;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/// Asks one listener for a partition's end again and again, by ListOffsets and by Fetch, and notes whatever goes back.
///
/// Threads: asks on one of its own. A question that fails because the servers are down is no fault; a wrong answer is.
final class EndWatch implements AutoCloseable {
    private static final int LIST_OFFSETS_VERSION = 7;
    private static final int FETCH_VERSION = 10;
    private static final long GAP_NANOS = 5_000_000;

    private final HostPort listener;
    private final RawTopic topic;
    /// Of all watches: what ListOffsets said once is true from then on, whoever is asked.
    private final AtomicLong told;

    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private long highWatermark;
    private volatile boolean isStopping;

    private EndWatch(HostPort listener, RawTopic topic, AtomicLong told) {
        this.listener = listener;
        this.topic = topic;
        this.told = told;
    }

    static EndWatch start(HostPort listener, RawTopic topic, AtomicLong told) {
        EndWatch watch = new EndWatch(listener, topic, told);
        Thread thread = new Thread(watch::run, "end watch of " + listener);
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    Queue<String> faults() {
        return faults;
    }

    int answers() {
        return answers.get();
    }

    @Override
    public void close() {
        isStopping = true;
        Await.value(end);
    }

    @SuppressWarnings("IllegalCatch") // whatever ends the watch is reported by close()
    private void run() {
        try {
            while (!isStopping) {
                ask();
            }
            end.complete(null);
        } catch (RuntimeException | Error failed) {
            end.completeExceptionally(failed);
        }
    }

    private void ask() {
        try (RawConnection connection = RawConnection.open(listener)) {
            while (!isStopping) {
                listOffsets(connection);
                fetch(connection);
                LockSupport.parkNanos(GAP_NANOS);
            }
        } catch (UncheckedIOException down) {
            // The servers are being restarted: no answer is allowed, a wrong one is not.
            LockSupport.parkNanos(10 * GAP_NANOS);
        }
    }

    private void listOffsets(RawConnection connection) {
        long before = told.get();
        var answer = topic.offset(connection, 0, ListOffsetsRequest.LATEST_TIMESTAMP, LIST_OFFSETS_VERSION);
        if (answer.errorCode() == Errors.NONE.code()) {
            answers.incrementAndGet();
            if (answer.offset() < before) {
                faults.add("ListOffsets said " + answer.offset() + " after " + before + " had been told");
            }
            told.accumulateAndGet(answer.offset(), Math::max);
        }
    }

    /// Reads at an end that was told, so that it is in range wherever it is asked.
    private void fetch(RawConnection connection) {
        long offset = told.get();
        PartitionData answer = topic.fetch(connection, Range.at(0, offset).waiting(1, 10), FETCH_VERSION);
        if (answer.errorCode() == Errors.OFFSET_OUT_OF_RANGE.code()) {
            faults.add("Fetch at " + offset + " is out of range, though it had been told as the end");
        } else if (answer.errorCode() == Errors.NONE.code()) {
            answers.incrementAndGet();
            if (answer.highWatermark() < Math.max(offset, highWatermark)) {
                faults.add("Fetch at " + offset + " said high watermark " + answer.highWatermark() + " after "
                        + highWatermark);
            }
            highWatermark = answer.highWatermark();
        }
    }
}
