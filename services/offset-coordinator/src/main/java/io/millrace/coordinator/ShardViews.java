package io.millrace.coordinator;

import io.millrace.coordinator.kafka.ShardPhase;
import io.millrace.coordinator.log.TenureStatus;
import io.millrace.coordinator.slots.SlotLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shards as JSON.
final class ShardViews {

    private ShardViews() {}

    /// All shards of this node.
    ///
    /// @param files null on a node without shards
    public record ShardList(
            List<ShardView> shards, @Nullable FilesView files) {
        public ShardList {
            shards = List.copyOf(shards);
        }
    }

    /// One shard.
    ///
    /// @param phase `idle`, `loading`, `serving` or `failed`
    /// @param why of a failed one
    /// @param loadedEntries the size of its state when it was loaded
    /// @param log null while this node does not own it
    public record ShardView(
            int shard,
            String phase,
            @Nullable String why,
            @Nullable Integer loadedEntries,
            @Nullable Long loadMillis,
            @Nullable LogView log) {

        static ShardView of(int shard, ShardPhase phase, @Nullable TenureStatus tenure) {
            LogView log = tenure == null ? null : LogView.of(tenure);
            return switch (phase) {
                case ShardPhase.Idle _ -> new ShardView(shard, "idle", null, null, null, log);
                case ShardPhase.Loading _ -> new ShardView(shard, "loading", null, null, null, log);
                case ShardPhase.Serving serving ->
                    new ShardView(shard, "serving", null, serving.loadedEntries(), serving.loadMillis(), log);
                case ShardPhase.Failed failed -> new ShardView(shard, "failed", failed.why(), null, null, log);
            };
        }
    }

    /// How far a shard's log is; the positions are sequences of records.
    ///
    /// @param epoch of this owner
    /// @param foldedUpTo what lies before is kept by key
    /// @param durableEnd what lies before is on disk, and answered
    /// @param nextSequence of the next batch
    public record LogView(
            int epoch,
            long foldedUpTo,
            long durableEnd,
            long nextSequence,
            int putsInFlight,
            long inFlightBytes,
            int unfoldedBatches) {

        static LogView of(TenureStatus tenure) {
            return new LogView(
                    tenure.epoch(),
                    tenure.foldedUpTo(),
                    tenure.durableEnd(),
                    tenure.nextSequence(),
                    tenure.putsInFlight(),
                    tenure.inFlightBytes(),
                    tenure.tailBatches());
        }
    }

    /// The files under all shards.
    ///
    /// @param bytes of segments that hold anything
    /// @param liveBytes of them, what a start needs
    /// @param isFull whether the disk is so full that commits are refused
    public record FilesView(long bytes, long liveBytes, boolean isFull) {
        static FilesView of(SlotLog.Use use) {
            return new FilesView(use.bytes(), use.liveBytes(), use.isFull());
        }
    }
}
