package io.millrace.store;

import io.millrace.wal.LogEnd;
import io.millrace.wal.RoundBuffer;
import io.millrace.wal.WriteAheadLog;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// One write and one force on this machine's disk; durable when [#append] returns.
///
/// Threads: the commit thread.
final class LocalCommitLog implements CommitLog {

    private final WriteAheadLog log;
    private final NanoClock clock;

    LocalCommitLog(WriteAheadLog log, NanoClock clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public boolean makeRoom(long payloadBytes) throws IOException {
        return log.makeRoom(payloadBytes);
    }

    @Override
    public CompletableFuture<CommittedRound> append(RoundBuffer round) {
        try {
            long start = clock.nanos();
            LogEnd end = log.write(round);
            long written = clock.nanos();
            log.force();
            long forced = clock.nanos();
            CommittedRound committed = new CommittedRound(
                    end, log.segmentBase(end.position() - 1), round.frameBytes(), written - start, forced - written);
            return CompletableFuture.completedFuture(committed);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
