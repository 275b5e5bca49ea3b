package io.millrace.coordinator.slots;

import java.io.IOException;

/// What the owner of a [SlotLog] hears of it.
///
/// Threads: the log's own; must not block.
public interface SlotEvents {

    /// One round is durable.
    ///
    /// @param changeCount of slots
    void roundWritten(int changeCount, int byteCount);

    /// Segments were freed.
    void spaceFreed(int segmentCount);

    /// No further segment can be prepared: nothing new should be written until [#spaceReturned].
    void diskFull(String location, long usableBytes);

    void spaceReturned(String location, long usableBytes);

    /// A write or a force failed: what of the last round is on the disk is not known, and nothing more is taken. The
    /// process must end, and the next one reads what is really there.
    void poisoned(IOException cause);
}
