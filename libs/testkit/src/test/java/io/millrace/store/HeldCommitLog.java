package io.millrace.store;

import io.millrace.wal.LogEnd;
import io.millrace.wal.RoundBuffer;
import io.millrace.wal.WriteAheadLog;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A log whose rounds become durable when the test says so, as in a replicated log.
///
/// Threads: one.
final class HeldCommitLog implements CommitLog {

    private final WriteAheadLog log;
    private int roundCount;
    private @Nullable CompletableFuture<CommittedRound> held;
    private @Nullable CommittedRound written;

    HeldCommitLog(WriteAheadLog log) {
        this.log = log;
    }

    @Override
    public boolean makeRoom(long payloadBytes) {
        return true;
    }

    @Override
    public CompletableFuture<CommittedRound> append(RoundBuffer round) {
        try {
            LogEnd end = log.write(round);
            roundCount++;
            CompletableFuture<CommittedRound> future = new CompletableFuture<>();
            written = new CommittedRound(end, log.segmentBase(end.position() - 1), round.frameBytes(), 0, 0);
            held = future;
            return future;
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    int roundCount() {
        return roundCount;
    }

    /// The round in flight becomes durable.
    void force() throws IOException {
        log.force();
        if (held != null && written != null) {
            held.complete(written);
        }
    }
}
