package io.millrace.walstore;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.api.http.FeedPublisher;
import io.millrace.store.LogStore;
import io.millrace.store.ScrubStatus;
import io.millrace.store.StoreStatus;
import java.util.function.ToDoubleFunction;

/// How full the log's queues and the disk are, asked of the log when somebody looks.
///
/// Threads: the one that scrapes. Units: bytes and counts; NaN while there is no log.
record WalGauges(MeterRegistry registry, StoreOwner owner, ReadPool pool, FeedPublisher feeds) {

    void register() {
        ofStatus("millrace.wal.queue.count", "Batches and commands that wait for a round", StoreStatus::queuedCount);
        ofStatus("millrace.wal.queue.bytes", "Bytes that wait for a round", StoreStatus::queuedBytes);
        ofStatus(
                "millrace.wal.segments",
                "WAL segments that hold rounds",
                status -> status.segments().size());
        ofStatus("millrace.wal.segments.prepared", "Segments ready for use", StoreStatus::preparedSegments);
        ofStatus(
                "millrace.wal.sealed.files",
                "Sealed files",
                status -> status.sealing().files().size());
        ofStatus(
                "millrace.wal.sealed.bytes",
                "Bytes of sealed files",
                status -> status.sealing().bytes());
        ofStatus(
                "millrace.wal.sealed.live.bytes",
                "Bytes of sealed files that can still be read",
                status -> status.sealing().liveBytes());
        ofStatus(
                "millrace.wal.unsealed.bytes",
                "Bytes of the log behind what was sealed",
                status -> status.endPosition() - status.sealing().sealedPosition());
        ofStatus(
                "millrace.wal.sealing.failed",
                "1 while something cannot be read, and so neither sealed nor compacted",
                status -> status.sealing().failure().isPresent() ? 1 : 0);
        ofStatus("millrace.wal.usable.bytes", "Bytes that can still be written", StoreStatus::usableBytes);
        ofStatus(
                "millrace.wal.disk.full",
                "1 while writes are refused for want of space",
                status -> status.isDiskFull() ? 1 : 0);
        ofStatus("millrace.wal.end.position", "End of the last durable round", StoreStatus::endPosition);
        ofScrub(
                "millrace.wal.scrub.running",
                "1 while a scrub runs",
                status -> status.state() == ScrubStatus.State.RUNNING ? 1 : 0);
        ofScrub(
                "millrace.wal.scrub.damaged.places",
                "Damaged places that the last scrub found, in files that are still there",
                status -> status.damages().size());
        Gauge.builder("millrace.wal.read.queue", pool, ReadPool::waiting)
                .description("Reads that wait for a thread")
                .register(registry);
        registerFeeds();
        Gauge.builder("millrace.wal.compaction.dirty.ratio.max", owner, WalGauges::dirtyRatioMax)
                .description("Largest share of a compacted partition that could be compacted and is not")
                .register(registry);
        Gauge.builder("millrace.wal.topics", owner, WalGauges::topics)
                .description("Topics in the catalog")
                .register(registry);
    }

    private void registerFeeds() {
        Gauge.builder(
                        "millrace.wal.tail.followers",
                        feeds,
                        each -> each.status().tailFollowers())
                .description("Instances that follow the tail")
                .register(registry);
        FunctionCounter.builder(
                        "millrace.wal.tail.pushed.bytes",
                        feeds,
                        each -> each.status().pushedBytes())
                .description("Bytes of record batches pushed to followers of the tail")
                .register(registry);
        Gauge.builder(
                        "millrace.wal.tail.waiting.bytes",
                        feeds,
                        each -> each.status().waitingBytes())
                .description("Bytes of record batches that wait for followers of the tail to read")
                .register(registry);
        FunctionCounter.builder(
                        "millrace.wal.tail.left.out.bytes",
                        feeds,
                        each -> each.status().leftOutBytes())
                .description("Bytes of record batches not pushed to a follower that was slow")
                .register(registry);
    }

    private void ofStatus(String name, String description, ToDoubleFunction<StoreStatus> value) {
        Gauge.builder(
                        name,
                        owner,
                        from -> from.store()
                                .map(LogStore::status)
                                .map(value::applyAsDouble)
                                .orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    private void ofScrub(String name, String description, ToDoubleFunction<ScrubStatus> value) {
        Gauge.builder(
                        name,
                        owner,
                        from -> from.store()
                                .map(store -> store.scrub().status())
                                .map(value::applyAsDouble)
                                .orElse(Double.NaN))
                .description(description)
                .register(registry);
    }

    private static double dirtyRatioMax(StoreOwner owner) {
        return owner.store().map(LogStore::dirtyRatioMax).orElse(Double.NaN);
    }

    private static double topics(StoreOwner owner) {
        return owner.store()
                .map(store -> (double) store.catalog().topics().size())
                .orElse(Double.NaN);
    }
}
