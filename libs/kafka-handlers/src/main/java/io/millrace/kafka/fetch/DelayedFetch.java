package io.millrace.kafka.fetch;

import io.millrace.kafka.fetch.FetchPlan.Resolved;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.model.PartitionId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchResponse;

/// One Fetch on its way: reads, and reads again when news come, until there is enough or time is up.
///
/// It is answered at once if the client wants no wait, named no partition, or has something to learn: an error, a
/// redirect, another history. Batches come whole, so a page rarely has as many bytes as its limit: one that
/// a limit cut is enough, as waiting makes it no longer. What is read while waiting for more is not kept. A
/// read of which nothing came back is tried once more after a pause: an owner that just started again is
/// found by then.
///
/// Threads: one step after the other, on any thread. Who was woken goes on where the request came from: the
/// thread that brings the news wakes all who wait, and must not do their work.
final class DelayedFetch {

    /// Lets some news gather for a client that wants many bytes; waiting for news counts from what was read, so
    /// none is lost in the pause.
    private static final Duration GATHERING = Duration.ofMillis(5);

    private final FetchPlan plan;
    private final PartitionReader followed;
    private final PartitionReader current;
    private final NewsSource news;
    private final ResponseMemory memory;
    private final FetchSettings settings;
    private final LongSupplier nanoTime;
    private final long deadlineNanos;
    private final Executor loop;
    private int readCount;
    private boolean hasFailed;

    /// @param loop where it goes on when it was woken
    DelayedFetch(FetchPlan plan, Sources sources, FetchSettings settings, long deadlineNanos, Executor loop) {
        this.plan = plan;
        this.followed = sources.followed();
        this.current = sources.current();
        this.news = sources.news();
        this.memory = sources.memory();
        this.nanoTime = sources.nanoTime();
        this.settings = settings;
        this.deadlineNanos = deadlineNanos;
        this.loop = loop;
    }

    /// What all fetches share.
    record Sources(
            PartitionReader followed,
            PartitionReader current,
            NewsSource news,
            ResponseMemory memory,
            LongSupplier nanoTime) {}

    /// What goes into the answer, and the memory that it holds.
    record Fetched(List<PartitionData> partitions, ResponseMemory.Share share) {

        long recordBytes() {
            long bytes = 0;
            for (PartitionData partition : partitions) {
                bytes += FetchResponse.recordsSize(partition);
            }
            return bytes;
        }
    }

    Uni<Fetched> run() {
        return read().flatMap(this::answerOrWait);
    }

    private Uni<Fetched> read() {
        PartitionReader reader = readCount == 0 && !left().isPositive() ? current : followed;
        readCount++;
        long most = Math.clamp(plan.bytesMax(), settings.minResponseBytes(), settings.maxResponseBytes());
        ResponseMemory.Share share = memory.reserve(settings.minResponseBytes(), most);
        long bytesMax = Math.clamp(plan.maxBytes(), 0, share.reserved());
        return reader.read(plan, bytesMax)
                .map(partitions -> settled(new Fetched(partitions, share)))
                .onFailure()
                .invoke(share::release)
                .onCancellation()
                .invoke(share::release);
    }

    private static Fetched settled(Fetched fetched) {
        fetched.share().settle(fetched.recordBytes());
        return fetched;
    }

    private Uni<Fetched> answerOrWait(Fetched fetched) {
        Duration left = left();
        boolean isToRetry = everyLookUpFailed(fetched) && !hasFailed;
        if (!left.isPositive() || (isEnough(fetched) && !isToRetry)) {
            return Uni.createFrom().item(fetched);
        }
        fetched.share().release();
        if (isToRetry) {
            hasFailed = true;
            return runAgain(after(shorter(left, settings.failurePause()), fetched));
        }
        Map<PartitionId, Long> seen = highWatermarksSeen(fetched);
        Uni<Void> more = readCount == 1
                ? news.awaitNews(seen, left)
                : after(shorter(left, GATHERING), seen).flatMap(this::awaitNews);
        return runAgain(more);
    }

    private Uni<Fetched> runAgain(Uni<?> woken) {
        return woken.emitOn(loop).flatMap(_ -> run());
    }

    private Uni<Void> awaitNews(Map<PartitionId, Long> seen) {
        Duration left = left();
        return left.isPositive() ? news.awaitNews(seen, left) : Uni.createFrom().voidItem();
    }

    private boolean isEnough(Fetched fetched) {
        long bytes = fetched.recordBytes();
        long bytesWanted = Math.min(
                plan.minBytes(), Math.min(plan.maxBytes(), fetched.share().reserved()));
        if (plan.partitions().isEmpty() || bytes >= bytesWanted) {
            return true;
        }
        for (int i = 0; i < fetched.partitions().size(); i++) {
            PartitionData partition = fetched.partitions().get(i);
            boolean isCut = bytes > 0
                    && plan.isCut(
                            plan.partitions().get(i), partition, fetched.share().reserved());
            if (isCut
                    || partition.errorCode() != Errors.NONE.code()
                    || FetchResponse.isPreferredReplica(partition)
                    || FetchResponse.isDivergingEpoch(partition)) {
                return true;
            }
        }
        return false;
    }

    private static boolean everyLookUpFailed(Fetched fetched) {
        short failed = KafkaErrors.ofFailedLookUp().code();
        return !fetched.partitions().isEmpty()
                && fetched.partitions().stream().allMatch(partition -> partition.errorCode() == failed);
    }

    private Map<PartitionId, Long> highWatermarksSeen(Fetched fetched) {
        Map<PartitionId, Long> seen = new HashMap<>();
        for (int i = 0; i < fetched.partitions().size(); i++) {
            if (plan.partitions().get(i).resolved() instanceof Resolved.Known known) {
                seen.merge(known.id(), fetched.partitions().get(i).highWatermark(), Math::min);
            }
        }
        return seen;
    }

    private Duration left() {
        return Duration.ofNanos(deadlineNanos - nanoTime.getAsLong());
    }

    private static Duration shorter(Duration left, Duration pause) {
        return left.compareTo(pause) < 0 ? left : pause;
    }

    /// A timer takes whole milliseconds, at least one.
    private static <T> Uni<T> after(Duration pause, T item) {
        Uni<T> now = Uni.createFrom().item(item);
        return pause.isPositive() ? now.onItem().delayIt().by(Duration.ofMillis(Math.max(1, pause.toMillis()))) : now;
    }
}
