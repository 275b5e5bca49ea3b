package io.millrace.store;

import io.millrace.wal.LogEnd;
import io.millrace.wal.RoundBuffer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// Makes rounds durable, one after the other: the one seam under the state machine.
///
/// Threads: the commit thread; futures may complete on any. One round is in flight at a time.
interface CommitLog {

    /// Whether a round of this size can be taken; false on a full disk, where small rounds may still go through.
    boolean makeRoom(long payloadBytes) throws IOException;

    /// Completes when the round is durable. It fails with a [DiskFullException] if nothing was written; after any
    /// other failure the round's fate is unknown and the log takes nothing more.
    CompletableFuture<CommittedRound> append(RoundBuffer round);

    /// A durable round.
    ///
    /// @param segmentBase the base position of its segment
    record CommittedRound(LogEnd end, long segmentBase, long bytes, long writeNanos, long forceNanos) {}
}
