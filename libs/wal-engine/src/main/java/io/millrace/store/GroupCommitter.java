package io.millrace.store;

import io.millrace.model.Command;
import io.millrace.model.Invariant;
import io.millrace.model.PartitionId;
import io.millrace.model.PlacedBatch;
import io.millrace.model.Refusal;
import io.millrace.partition.AppendDecision;
import io.millrace.partition.CatalogLimits;
import io.millrace.partition.CommandDecision;
import io.millrace.partition.Entry;
import io.millrace.partition.EntryCodec;
import io.millrace.partition.PartitionLog;
import io.millrace.partition.RoundContext;
import io.millrace.partition.ShardDraft;
import io.millrace.partition.ShardState;
import io.millrace.partition.SpaceLedger;
import io.millrace.store.CommitLog.CommittedRound;
import io.millrace.wal.RecordCursor;
import io.millrace.wal.RoundBuffer;
import io.millrace.wal.storage.DiskFullException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Turns what waits into rounds: gathers, decides, makes durable, applies, answers, in this order.
///
/// What is decided here stands only in the round's draft until the round is durable, so a refused or failed round
/// leaves no trace in the state. The next round is decided after this one was applied.
///
/// Threads: the commit thread, except where a word says otherwise.
final class GroupCommitter {

    private static final String DISK_FULL = "the disk of the log is full";

    private final SubmissionQueue queue;
    private final CommitLog log;
    private final ShardState state;
    private final SpaceLedger space;
    private final CommitSettings settings;
    private final PartitionSweep sweep;
    private final RoundBuffer buffer;
    /// New for each round: what is put into old lists costs a collector more than a list.
    private List<Answer> answers = new ArrayList<>();

    private List<PlacedBatch> batches = new ArrayList<>();
    private @Nullable CompletableFuture<CommittedRound> inFlight;
    /// Of the round in the buffer; the owner's first one has none.
    private @Nullable ShardDraft draft;

    private long lastTimeMillis;
    private long batchBytes;
    private long expiredBytes;
    /// The following are written by the commit thread.
    private volatile @Nullable IOException poison;

    private volatile Progress progress = new Progress(0, 0, -1);

    /// What a committer needs besides the log and the state.
    record CommitSettings(
            int roundBytesMax,
            int batchBytesMax,
            CatalogLimits limits,
            StoreEnvironment environment,
            WalEvents events) {}

    /// @param lastForceMillis by the clock, -1 before the first
    record Progress(long roundCount, long forceCount, long lastForceMillis) {}

    GroupCommitter(SubmissionQueue queue, CommitLog log, Recovered recovered, CommitSettings settings) {
        this.queue = queue;
        this.log = log;
        this.state = recovered.state();
        this.space = recovered.space();
        this.lastTimeMillis = recovered.lastTimeMillis();
        this.settings = settings;
        this.sweep = recovered.sweep();
        this.buffer = new RoundBuffer(settings.roundBytesMax());
    }

    /// What recovery leaves to go on from.
    record Recovered(ShardState state, SpaceLedger space, PartitionSweep sweep, long lastTimeMillis) {}

    boolean isRoundInFlight() {
        return inFlight != null;
    }

    /// Any thread.
    @Nullable
    IOException poison() {
        return poison;
    }

    /// Any thread.
    Progress progress() {
        return progress;
    }

    /// One step.
    ///
    /// @return how many submissions were answered
    int step() {
        if (inFlight != null) {
            return inFlight.isDone() ? finish(inFlight) : 0;
        }
        RoundSize size = new RoundSize(settings.roundBytesMax());
        List<Submission> taken = queue.take(size);
        if (taken.isEmpty() && !sweep.isDue()) {
            return 0;
        }
        boolean hasRoom;
        try {
            hasRoom = log.makeRoom(size.bytes() + sweep.dueBytes());
        } catch (IOException e) {
            taken.forEach(submission -> submission.refuse(Refusal.STORAGE_FAULT, "the log failed"));
            return taken.size() + poison(e, "preparing a segment");
        }
        clearRound(taken.size());
        int refused = decide(taken, hasRoom ? Room.FOR_ALL : Room.FOR_WHAT_FREES);
        if (buffer.isEmpty()) {
            return refused + answerAll();
        }
        return refused + append();
    }

    /// The first round of this owner, which makes its epoch durable.
    ///
    /// @throws DiskFullException if there is no room even for that
    void startOwner() throws IOException {
        int before = state.ownerEpoch();
        clearRound(0);
        encode(new Entry.OwnerStarted(before + 1));
        append();
        IOException failure = poison;
        if (failure != null) {
            throw failure;
        }
        Invariant.check(inFlight == null, "a local log is durable when it returns");
        if (state.ownerEpoch() == before) {
            throw new DiskFullException("The disk of the log is full, to its last reserve: a new owner needs a few"
                    + " kilobytes to begin. Make room on the volume, or enlarge it.");
        }
    }

    /// On a full disk a reserve is left, and it is for what makes room.
    private enum Room {
        FOR_ALL,
        FOR_WHAT_FREES
    }

    private void clearRound(int submissionCount) {
        lastTimeMillis = Math.max(lastTimeMillis, settings.environment().clock().millis());
        buffer.clear(lastTimeMillis);
        answers = new ArrayList<>(submissionCount);
        batches = new ArrayList<>(submissionCount);
        batchBytes = 0;
        expiredBytes = 0;
    }

    /// Refusals are answered at once, since they hold whatever becomes of the round.
    ///
    /// @return how many were refused
    private int decide(List<Submission> taken, Room room) {
        RoundContext context = new RoundContext(state.ownerEpoch(), lastTimeMillis, settings.batchBytesMax());
        TopicIds topicIds = new TopicIds(settings.environment().random());
        ShardDraft drafted = state.draft(context, settings.limits(), topicIds::next);
        draft = drafted;
        int before = answers.size();
        for (Submission submission : taken) {
            switch (submission) {
                case Submission.Append append when room == Room.FOR_WHAT_FREES -> decideWithoutRoom(drafted, append);
                case Submission.Append append -> decide(drafted, append);
                case Submission.Execution execution
                when room == Room.FOR_WHAT_FREES && !mayUseReserve(execution.command()) ->
                    execution.refuse(Refusal.DISK_FULL, DISK_FULL);
                case Submission.Execution execution -> decide(drafted, execution);
            }
        }
        expire(drafted);
        return taken.size() - (answers.size() - before);
    }

    private void decide(ShardDraft drafted, Submission.Append append) {
        switch (drafted.decide(append.partitionId(), append.batch())) {
            case AppendDecision.Accept(Entry.BatchAppended entry) -> {
                PlacedBatch placed = entry.placed();
                EntryCodec.encode(placed, buffer.startRecord(EntryCodec.BATCH, EntryCodec.bytes(placed)));
                buffer.endRecord();
                batches.add(placed);
                batchBytes += append.bytes();
                answers.add(new Answer.Appended(append, entry));
            }
            case AppendDecision.Duplicate duplicate -> answers.add(new Answer.Repeated(append, duplicate));
            case AppendDecision.Refuse(Refusal refusal, String message) -> append.refuse(refusal, message);
        }
    }

    /// On a full disk nothing new is taken, but a retry of what is in the log must not be told that it is not.
    private void decideWithoutRoom(ShardDraft drafted, Submission.Append append) {
        switch (drafted.decide(append.partitionId(), append.batch())) {
            case AppendDecision.Duplicate duplicate
            when duplicate.standing() == AppendDecision.Standing.DURABLE ->
                answers.add(new Answer.Repeated(append, duplicate));
            case AppendDecision.Refuse(Refusal refusal, String message) -> append.refuse(refusal, message);
            case AppendDecision.Accept _, AppendDecision.Duplicate _ -> append.refuse(Refusal.DISK_FULL, DISK_FULL);
        }
    }

    /// What makes room, as a lower retention does, and what costs next to nothing: clients that begin meanwhile wait
    /// for
    /// space, and do not fail for good because they got no producer id.
    private static boolean mayUseReserve(Command command) {
        return command instanceof Command.DeleteTopic
                || command instanceof Command.DeleteRecords
                || command instanceof Command.AlterTopicConfigs
                || command instanceof Command.DescribeProducers
                || command instanceof Command.AllocateProducerIds;
    }

    private void decide(ShardDraft drafted, Submission.Execution execution) {
        switch (drafted.decide(execution.command())) {
            case CommandDecision.Accept(Entry entry, var outcome) -> {
                encode(entry);
                answers.add(new Answer.Done(execution, outcome));
            }
            case CommandDecision.NothingToDo(var outcome) -> answers.add(new Answer.Done(execution, outcome));
            case CommandDecision.Refuse(Refusal refusal, String message) -> execution.refuse(refusal, message);
        }
    }

    /// Retention frees space, so it goes on when the disk is full.
    ///
    /// It goes by the clock of this moment, not by the time of rounds, which never goes back: a clock that
    /// was wrong for a moment must not let everything expire for as long as it was ahead.
    private void expire(ShardDraft drafted) {
        for (ShardDraft.Expiry expiry :
                sweep.visit(drafted, settings.environment().clock().millis())) {
            encode(expiry.entry());
            expiredBytes += expiry.bytes();
        }
        if (sweep.isDue()) {
            queue.nudge();
        }
    }

    private void encode(Entry entry) {
        EntryCodec.encode(entry, buffer.startRecord(EntryCodec.type(entry), EntryCodec.bytes(entry)));
        buffer.endRecord();
    }

    private int append() {
        CompletableFuture<CommittedRound> round = log.append(buffer);
        if (round.isDone()) {
            return finish(round);
        }
        inFlight = round;
        CompletableFuture<CommittedRound> _ = round.whenComplete((_, _) -> queue.nudge());
        return 0;
    }

    private int finish(CompletableFuture<CommittedRound> round) {
        inFlight = null;
        try {
            apply(round.join());
            return answerAll();
        } catch (CompletionException e) {
            return switch (e.getCause()) {
                case DiskFullException _ -> refuseRound();
                case IOException failure -> poison(failure, "writing a round");
                case null, default -> throw e;
            };
        }
    }

    private void apply(CommittedRound committed) {
        space.open(committed.segmentBase());
        long timeMillis = committed.end().timeMillis();
        ShardDraft decided = draft;
        if (decided != null) {
            decided.checkEnds();
        }
        RecordCursor records = buffer.records();
        while (records.next()) {
            ShardState.EntryPlace place =
                    new ShardState.EntryPlace(records.position(), records.sizeInLog(), timeMillis);
            state.apply(records.type(), records.body(), place);
        }
        ShardState.AppliedRound applied = state.publish(timeMillis);
        progress = new Progress(
                progress.roundCount() + 1,
                progress.forceCount() + 1,
                settings.environment().clock().millis());
        settings.events()
                .roundApplied(new RoundReport(
                        committed.end().roundSequence(),
                        committed.end().position(),
                        applied.partitions(),
                        batches,
                        applied.catalog(),
                        answers.size() - batches.size(),
                        committed.bytes(),
                        batchBytes,
                        expiredBytes,
                        committed.writeNanos(),
                        committed.forceNanos()));
    }

    private int answerAll() {
        int count = answers.size();
        for (Answer answer : answers) {
            switch (answer) {
                case Answer.Appended appended ->
                    appended.give(logStartOffset(appended.to().partitionId()));
                case Answer.Repeated repeated ->
                    repeated.give(logStartOffset(repeated.to().partitionId()));
                case Answer.Done done -> done.give();
            }
        }
        answers.clear();
        return count;
    }

    private long logStartOffset(PartitionId partitionId) {
        PartitionLog partition = state.find(partitionId);
        return partition == null ? 0 : partition.watermarks().logStartOffset();
    }

    private int refuseRound() {
        int count = answers.size();
        for (Answer answer : answers) {
            if (answer instanceof Answer.Repeated repeated && repeated.isDurable()) {
                repeated.give(logStartOffset(repeated.to().partitionId()));
            } else {
                answer.to().refuse(Refusal.DISK_FULL, DISK_FULL);
            }
        }
        answers.clear();
        return count;
    }

    /// Ends everything: nobody can know what of the last round is on the disk.
    int poison(IOException cause, String where) {
        if (poison != null) {
            return 0;
        }
        poison = cause;
        SubmissionQueue.Stop stop = new SubmissionQueue.Stop(
                Refusal.STORAGE_FAULT, "the log failed and takes nothing more until it was started again");
        List<Submission> waiting = queue.stop(stop);
        List<Answer> undecided = List.copyOf(answers);
        answers.clear();
        settings.events().poisoned(cause, where);
        undecided.forEach(answer -> answer.to().answerUnknown("the log failed while the request was written"));
        waiting.forEach(submission -> submission.refuse(stop.refusal(), stop.message()));
        return undecided.size() + waiting.size();
    }
}
