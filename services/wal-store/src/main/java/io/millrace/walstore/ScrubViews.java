package io.millrace.walstore;

import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.store.Damage;
import io.millrace.store.ScrubStatus;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a scrub looks like over REST.
final class ScrubViews {

    private ScrubViews() {}

    /// How far the last scrub is, and what it found.
    ///
    /// @param state none, running, finished, cancelled or failed
    /// @param every it looks at one of so many pieces, 1 for all
    /// @param bytesTotal what it will have read, roughly
    /// @param damagedPlaces how many it found; so many of them are listed as the configuration says, without those
    /// whose file is gone since
    public record ScrubView(
            String state,
            long every,
            @Nullable Instant began,
            @Nullable Instant ended,
            int filesDone,
            int filesTotal,
            long bytesDone,
            long bytesTotal,
            int damagedPlaces,
            List<DamageView> damages,
            @Nullable String failure) {

        public ScrubView {
            damages = List.copyOf(damages);
        }

        static ScrubView of(ScrubStatus status, Catalog catalog) {
            return new ScrubView(
                    status.state().name().toLowerCase(Locale.ROOT),
                    status.every(),
                    time(status.beganMillis()),
                    time(status.endedMillis()),
                    status.filesDone(),
                    status.filesTotal(),
                    status.bytesDone(),
                    status.bytesTotal(),
                    status.damageCount(),
                    status.damages().stream()
                            .map(damage -> DamageView.of(damage, catalog))
                            .toList(),
                    status.failure().orElse(null));
        }

        private static @Nullable Instant time(long millis) {
            return millis < 0 ? null : Instant.ofEpochMilli(millis);
        }
    }

    /// One damaged place.
    ///
    /// @param advice what it means, and what can be done
    public record DamageView(String file, long filePosition, String what, List<LostView> affected, String advice) {

        public DamageView {
            affected = List.copyOf(affected);
        }

        static DamageView of(Damage damage, Catalog catalog) {
            return new DamageView(
                    damage.fileName(),
                    damage.filePosition(),
                    damage.what(),
                    damage.affected().stream()
                            .map(lost -> LostView.of(lost, catalog))
                            .toList(),
                    damage.advice());
        }
    }

    /// Offsets that cannot be read any more, both ends included.
    public record LostView(String partition, long firstOffset, long lastOffset) {

        static LostView of(Damage.LostOffsets lost, Catalog catalog) {
            return new LostView(
                    name(lost.partitionId(), Optional.of(catalog)), lost.firstOffset(), lost.endOffset() - 1);
        }
    }

    /// Such as `orders/0`; with the topic's id where the name is not known any more.
    static String name(PartitionId partitionId, Optional<Catalog> catalog) {
        String topic = catalog.flatMap(known -> known.topic(partitionId.topicId()))
                .map(Topic::name)
                .orElseGet(() -> partitionId.topicId().toString());
        return topic + "/" + partitionId.partition();
    }
}
