package io.millrace.coordinator.slots;

import io.millrace.wal.RecordCursor;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/// Where the last value of each slot lies, and how much of each segment lives.
///
/// Live changes and recovery come in by the same [#apply].
///
/// Threads: changed by the writer alone (at first by the one that recovers); looked at by any.
final class SlotIndex {

    private final Map<Area, Map<String, Place>> areas = new ConcurrentHashMap<>();
    /// By base position.
    private final ConcurrentNavigableMap<Long, Long> liveBytesBySegment = new ConcurrentSkipListMap<>();

    /// A record of the log.
    record Place(long position, int sizeInLog) {}

    /// A slot and its place.
    record Located(SlotName slot, Place place) {}

    /// The round's records are durable: from here on they are what the slots hold.
    void apply(long segmentBase, RecordCursor records) {
        liveBytesBySegment.putIfAbsent(segmentBase, 0L);
        while (records.next()) {
            SlotName slot = SlotRecord.decodeName(records.body());
            switch (records.type()) {
                case SlotRecord.PUT -> put(slot, new Place(records.position(), records.sizeInLog()));
                case SlotRecord.REMOVAL -> remove(slot);
                default -> throw new IllegalStateException("a record of type " + records.type());
            }
        }
    }

    private void put(SlotName slot, Place place) {
        Map<String, Place> area = areas.computeIfAbsent(slot.area(), _ -> new ConcurrentHashMap<>());
        Place former = area.put(slot.name(), place);
        if (former != null) {
            count(former.position(), -former.sizeInLog());
        }
        count(place.position(), place.sizeInLog());
    }

    private void remove(SlotName slot) {
        Map<String, Place> area = areas.get(slot.area());
        Place former = area == null ? null : area.remove(slot.name());
        if (former != null) {
            count(former.position(), -former.sizeInLog());
        }
    }

    private void count(long position, int bytes) {
        long base = liveBytesBySegment.floorKey(position);
        liveBytesBySegment.merge(base, (long) bytes, Long::sum);
    }

    Optional<Place> find(SlotName slot) {
        Map<String, Place> area = areas.get(slot.area());
        return Optional.ofNullable(area == null ? null : area.get(slot.name()));
    }

    /// What lives in an area now, in the order of the log.
    List<Located> located(Area area) {
        return located(area, areas.getOrDefault(area, Map.of()))
                .sorted(Comparator.comparingLong(each -> each.place().position()))
                .toList();
    }

    /// What lives before a position now, in the order of the log.
    List<Located> before(long position) {
        return areas.entrySet().stream()
                .flatMap(area -> located(area.getKey(), area.getValue()))
                .filter(each -> each.place().position() < position)
                .sorted(Comparator.comparingLong(each -> each.place().position()))
                .toList();
    }

    private static Stream<Located> located(Area area, Map<String, Place> slots) {
        return slots.entrySet().stream().map(slot -> new Located(new SlotName(area, slot.getKey()), slot.getValue()));
    }

    /// Records of all segments, with their headers.
    long liveBytes() {
        return liveBytesBySegment.values().stream().mapToLong(Long::longValue).sum();
    }

    boolean isDead(long segmentBase) {
        return liveBytesBySegment.getOrDefault(segmentBase, 0L) == 0;
    }

    /// The segment is gone, and nothing lived in it.
    void forget(long segmentBase) {
        liveBytesBySegment.remove(segmentBase);
    }
}
