package io.millrace.store;

import io.millrace.model.PartitionId;
import io.millrace.partition.ShardState;
import io.millrace.partition.SpaceLedger;
import io.millrace.sealed.SealedFiles;
import io.millrace.sealed.SealedManifest;
import io.millrace.wal.CheckedFile;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogEnd;
import io.millrace.wal.LogIdentity;
import io.millrace.wal.RecoveryFacts;
import io.millrace.wal.RecoveryPlan;
import io.millrace.wal.SegmentOptions;
import io.millrace.wal.WriteAheadLog;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Brings a shard's state back: the checkpoint, then what lies behind it in the log through the same `apply` as live
/// rounds.
///
/// Threads: one, once.
final class StoreRecovery {

    static final String IDENTITY_FILE = "cluster";
    static final String CLEAN_END_FILE = "clean-end";

    private final WalStorage storage;
    private final WalOptions options;
    private final StoreEnvironment environment;
    private final RecoveryPlan.Progress progress;
    private final SpaceLedger space = new SpaceLedger();

    StoreRecovery(
            WalStorage storage, WalOptions options, StoreEnvironment environment, RecoveryPlan.Progress progress) {
        this.storage = storage;
        this.options = options;
        this.environment = environment;
        this.progress = progress;
    }

    /// @param checkpointPosition up to where the state came from a checkpoint
    record Result(
            LogIdentity identity,
            WriteAheadLog log,
            ShardState state,
            SpaceLedger space,
            SealedFiles files,
            Optional<Long> checkpointPosition,
            StoreStatus.RecoveryReport report) {}

    Result run() throws IOException {
        long startNanos = environment.nanoClock().nanos();
        Optional<Checkpoint> checkpoint = Checkpoint.read(storage);
        LogIdentity identity = identity(storage, environment.random());
        ShardState state =
                new ShardState(identity.toString(), options.producerExpiry().toMillis(), space);
        StateReplay replay = new StateReplay(state, space, checkpoint.map(Checkpoint::state));
        SealedFiles files = sealedFiles(identity, state, checkpoint);
        try {
            return run(startNanos, new Found(identity, checkpoint, state, files), replay);
        } catch (IOException e) {
            files.close();
            throw e;
        }
    }

    /// What there is before the log is read.
    private record Found(LogIdentity identity, Optional<Checkpoint> checkpoint, ShardState state, SealedFiles files) {}

    /// The files that the checkpoint names, with the runs of their footers in the state.
    private SealedFiles sealedFiles(LogIdentity identity, ShardState state, Optional<Checkpoint> checkpoint)
            throws IOException {
        SealedManifest manifest = checkpoint.map(Checkpoint::sealed).orElseGet(SealedManifest::empty);
        SealedFiles files = SealedFiles.open(
                storage, identity, manifest, new SealedFiles.Surroundings(options.sealing(), environment.clock()));
        files.openIn(space.sealed());
        Optional<PartitionId> holed = state.restoreRuns(files.runsLatestFirst());
        if (holed.isPresent()) {
            files.close();
            throw new CorruptLogException(
                    Checkpoint.FILE_NAME,
                    0,
                    "between the sealed files of partition " + holed.get() + " something is missing");
        }
        space.sealed().lookAtAll();
        return files;
    }

    private Result run(long startNanos, Found found, StateReplay replay) throws IOException {
        Optional<Checkpoint> checkpoint = found.checkpoint();
        ShardState state = found.state();
        RecoveryPlan plan = new RecoveryPlan(
                found.identity(), checkpoint.map(Checkpoint::manifest), readCleanEnd(storage), replay::round, progress);
        SegmentOptions segments = new SegmentOptions(
                options.segmentBytes(),
                options.spareBytesMin(),
                options.recycledSegmentsMax(),
                environment.clock(),
                environment.random());
        WriteAheadLog log = WriteAheadLog.open(storage, segments, plan);
        try {
            replay.checkComplete();
            found.files().deleteUnnamed();
            if (checkpoint.isPresent()) {
                log.keepFree(Checkpoint.bytesForNext(storage));
            }
        } catch (IOException e) {
            log.close();
            throw e;
        }
        state.publish(log.end().timeMillis());
        RecoveryFacts facts = log.facts();
        StoreStatus.RecoveryReport report = new StoreStatus.RecoveryReport(
                facts.wasClean(),
                facts.segmentCount(),
                facts.roundCount(),
                replay.batchCount(),
                facts.bytes(),
                facts.tornBytes(),
                environment.nanoClock().nanos() - startNanos);
        Optional<Long> position = checkpoint.map(known -> known.manifest().end().position());
        return new Result(found.identity(), log, state, space, found.files(), position, report);
    }

    /// The cluster's id, given by the first start of all.
    private static LogIdentity identity(WalStorage storage, RandomGenerator random) throws IOException {
        Optional<LogIdentity> known = readIdentity(storage);
        if (known.isPresent()) {
            return known.get();
        }
        if (storage.list().stream().anyMatch(name -> name.endsWith(".segment") || name.endsWith(".sealed"))) {
            throw new CorruptLogException(
                    IDENTITY_FILE, 0, "the file with the cluster's id is missing beside segments");
        }
        LogIdentity identity = new LogIdentity(random.nextLong(), random.nextLong());
        ByteBuffer bits = ByteBuffer.allocate(16);
        bits.putLong(identity.mostSignificantBits()).putLong(identity.leastSignificantBits());
        CheckedFile.write(storage, IDENTITY_FILE, bits.flip());
        return identity;
    }

    static Optional<LogIdentity> readIdentity(WalStorage storage) throws IOException {
        return CheckedFile.read(storage, IDENTITY_FILE).map(bits -> new LogIdentity(bits.getLong(), bits.getLong()));
    }

    static Optional<LogEnd> readCleanEnd(WalStorage storage) throws IOException {
        return CheckedFile.read(storage, CLEAN_END_FILE).map(LogEnd::decode);
    }

    static void writeCleanEnd(WalStorage storage, LogEnd end) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(LogEnd.ENCODED_BYTES);
        end.encode(content);
        CheckedFile.write(storage, CLEAN_END_FILE, content.flip());
    }
}
