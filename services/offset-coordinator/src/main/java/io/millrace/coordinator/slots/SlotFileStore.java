package io.millrace.coordinator.slots;

import io.reactivex.rxjava3.core.Flowable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.commons.util.IntSet;
import org.infinispan.commons.util.concurrent.CompletableFutures;
import org.infinispan.persistence.spi.InitializationContext;
import org.infinispan.persistence.spi.MarshallableEntry;
import org.infinispan.persistence.spi.MarshallableEntryFactory;
import org.infinispan.persistence.spi.NonBlockingStore;
import org.infinispan.util.concurrent.BlockingManager;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/// Keeps an Infinispan cache, of strings to byte arrays that never expire, in a [SlotLog]. Inside of Infinispan a byte
/// array is wrapped, to be comparable.
///
/// Infinispan writes to a store before the entry is seen in memory, so what a write failed for is nowhere.
///
/// Public because Infinispan makes instances by reflection.
///
/// Threads: never blocks the caller; answers on Infinispan's threads, as the writer has the next round to write.
/// Ownership: the log outlives the cache, which does not close it.
public final class SlotFileStore implements NonBlockingStore<String, WrappedByteArray> {

    private @Nullable Started started;

    private record Started(
            SlotLog log,
            int table,
            boolean isSegmented,
            MarshallableEntryFactory<String, WrappedByteArray> entries,
            BlockingManager blocking,
            Handover handover) {

        private Area area(int segment) {
            return new Area(table, isSegmented ? segment : 0);
        }
    }

    /// Called by Infinispan.
    public SlotFileStore() {}

    @Override
    public CompletionStage<Void> start(InitializationContext context) {
        SlotFileStoreConfiguration configuration = context.getConfiguration();
        started = new Started(
                configuration.log(),
                configuration.table(),
                configuration.segmented(),
                context.getMarshallableEntryFactory(),
                context.getBlockingManager(),
                new Handover(context.getNonBlockingExecutor()));
        return CompletableFutures.completedNull();
    }

    private Started started() {
        Started now = started;
        if (now == null) {
            throw new IllegalStateException("the store is not started");
        }
        return now;
    }

    @Override
    public CompletionStage<Void> stop() {
        started = null;
        return CompletableFutures.completedNull();
    }

    @Override
    public Set<Characteristic> characteristics() {
        return EnumSet.of(Characteristic.BULK_READ, Characteristic.SEGMENTABLE);
    }

    @Override
    public CompletionStage<Void> write(
            int segment, MarshallableEntry<? extends String, ? extends WrappedByteArray> entry) {
        Started to = started();
        return to.handover()
                .handedOver(to.log()
                        .put(to.area(segment), entry.getKey(), entry.getValue().getBytes()));
    }

    @Override
    public CompletionStage<Boolean> delete(int segment, Object key) {
        Started to = started();
        Area area = to.area(segment);
        boolean isThere = to.log().holds(area, (String) key);
        return to.handover().handedOver(to.log().remove(area, (String) key)).thenApply(_ -> isThere);
    }

    /// Infinispan's word for "nothing" is null, but its interface does not say so.
    @Override
    @SuppressWarnings("NullAway")
    public CompletionStage<MarshallableEntry<String, WrappedByteArray>> load(int segment, Object key) {
        Started from = started();
        Area area = from.area(segment);
        String name = (String) key;
        if (!from.log().holds(area, name)) {
            return CompletableFutures.completedNull();
        }
        return from.blocking().supplyBlocking(() -> loadNow(from, area, name), "slot-load");
    }

    private static @Nullable MarshallableEntry<String, WrappedByteArray> loadNow(Started from, Area area, String name) {
        try {
            return from.log()
                    .read(area, name)
                    .map(value -> from.entries().create(name, new WrappedByteArray(value)))
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletionStage<Boolean> containsKey(int segment, Object key) {
        Started from = started();
        return CompletableFutures.booleanStage(from.log().holds(from.area(segment), (String) key));
    }

    @Override
    public Publisher<MarshallableEntry<String, WrappedByteArray>> publishEntries(
            IntSet segments, @Nullable Predicate<? super String> filter, boolean includeValues) {
        Started from = started();
        return from.blocking()
                .blockingPublisher(Flowable.defer(() -> Flowable.fromStream(entries(from, segments)))
                        .filter(entry -> filter == null || filter.test(entry.name()))
                        .map(entry -> from.entries().create(entry.name(), new WrappedByteArray(entry.value()))));
    }

    private static Stream<SlotLog.Entry> entries(Started from, IntSet segments) {
        Stream<Area> areas = from.isSegmented() ? segments.intStream().mapToObj(from::area) : Stream.of(from.area(0));
        return areas.flatMap(area -> scan(from.log(), area).stream());
    }

    private static List<SlotLog.Entry> scan(SlotLog log, Area area) {
        try {
            return log.scan(area);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Publisher<String> publishKeys(IntSet segments, @Nullable Predicate<? super String> filter) {
        return Flowable.fromPublisher(publishEntries(segments, filter, false)).map(MarshallableEntry::getKey);
    }

    @Override
    public CompletionStage<Long> size(IntSet segments) {
        Started from = started();
        return from.blocking().supplyBlocking(() -> entries(from, segments).count(), "slot-size");
    }

    @Override
    public CompletionStage<Long> approximateSize(IntSet segments) {
        return size(segments);
    }

    /// A local cache has all segments for ever.
    @Override
    public CompletionStage<Void> addSegments(IntSet segments) {
        return CompletableFutures.completedNull();
    }

    @Override
    public CompletionStage<Void> removeSegments(IntSet segments) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("segments are never given away"));
    }

    @Override
    public CompletionStage<Void> clear() {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("groups are deleted one by one"));
    }
}
