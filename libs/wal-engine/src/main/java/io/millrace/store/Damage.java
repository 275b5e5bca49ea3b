package io.millrace.store;

import io.millrace.model.PartitionId;
import java.util.List;

/// A place of a file that is not on the disk as it was written.
///
/// Threads: immutable. Units: record offsets, file positions.
///
/// @param affected what can no longer be read because of it
public record Damage(String fileName, long filePosition, String what, Kind kind, List<LostOffsets> affected) {

    /// What the damaged bytes were for.
    public enum Kind {
        /// Footer or index of a sealed file.
        DERIVED,
        /// Batches of a sealed file.
        SEALED_BATCHES,
        /// Rounds of a segment.
        ROUNDS,
        /// A file as a whole: it is missing, or its header is damaged.
        WHOLE_FILE,
        /// The checkpoint.
        CHECKPOINT
    }

    private static final String DERIVED_ADVICE =
            "No record is lost: this part of the file follows from the rest of it, and is made again where it is"
                    + " needed. Watch the disk.";
    private static final String NOTHING_READ_ADVICE = "Nothing that can still be read is damaged. Watch the disk.";
    private static final String REFUSAL = "Keep this process running, since the next start would refuse the log here.";
    private static final String LOST_ADVICE =
            "Reads of the affected offsets are refused with KAFKA_STORAGE_ERROR, all others go on; a consumer can seek"
                    + " behind them. To have the records back, restore the data directory from a copy. To go on"
                    + " without them, delete the partition's records up to there, with kafka-delete-records, for which"
                    + " the topic's cleanup.policy must include delete.";

    /// Offsets of one partition whose records cannot be relied on.
    public record LostOffsets(PartitionId partitionId, long firstOffset, long endOffset) {}

    public Damage {
        affected = List.copyOf(affected);
    }

    /// What it means and what can be done, for people.
    public String advice() {
        return switch (kind) {
            case DERIVED -> DERIVED_ADVICE;
            case SEALED_BATCHES -> affected.isEmpty() ? NOTHING_READ_ADVICE : LOST_ADVICE + " A start is safe.";
            case ROUNDS ->
                REFUSAL
                        + (affected.isEmpty()
                                ? " No record that can be read is damaged, and the segment goes once it is sealed."
                                : " " + LOST_ADVICE + " The segment goes once that is done and the rest is sealed.");
            case WHOLE_FILE ->
                REFUSAL
                        + " Restore the data directory from a copy. The file also goes when nothing in it lives any"
                        + " more.";
            case CHECKPOINT -> REFUSAL + " The next checkpoint takes this one's place.";
        };
    }
}
