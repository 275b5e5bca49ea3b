package io.millrace.store;

import io.millrace.partition.PartitionLog;
import io.millrace.partition.SealedRun;
import io.millrace.partition.ShardState;
import io.millrace.sealed.SealedFiles;
import io.millrace.sealed.SealedVerification;
import io.millrace.sealed.SealedVerification.Choice;
import io.millrace.sealed.SealedVerification.Flaw;
import io.millrace.store.Damage.LostOffsets;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Looks at one sealed file, and says what a flaw in it means to readers.
///
/// Threads: the one that scrubs.
record SealedScrub(SealedVerification file) implements FileScrub {

    /// @param file as the store has it
    /// @param sample asked for each piece
    record Scrubbed(SealedFiles.Known file, ShardState state, BooleanSupplier sample) {

        private boolean isRead(SealedRun run) {
            PartitionLog partition = state.find(run.partitionId());
            return partition != null && partition.isAnsweredBy(run);
        }

        private Damage damage(Flaw flaw) {
            String fileName = file.fileName();
            return switch (flaw) {
                case Flaw.Header header -> new Damage(fileName, 0, header.what(), Damage.Kind.WHOLE_FILE, List.of());
                case Flaw.Derived derived ->
                    new Damage(fileName, derived.filePosition(), derived.what(), Damage.Kind.DERIVED, List.of());
                case Flaw.Batches batches ->
                    new Damage(
                            fileName,
                            batches.filePosition(),
                            batches.what(),
                            Damage.Kind.SEALED_BATCHES,
                            affected(batches));
            };
        }

        private List<LostOffsets> affected(Flaw.Batches batches) {
            PartitionLog partition = state.find(batches.run().partitionId());
            if (partition == null || !partition.isAnsweredBy(batches.run())) {
                return List.of();
            }
            long first = Math.max(batches.firstOffset(), partition.watermarks().logStartOffset());
            return first < batches.endOffset()
                    ? List.of(new LostOffsets(partition.id(), first, batches.endOffset()))
                    : List.of();
        }
    }

    static SealedScrub open(WalStorage disk, Scrubbed scrubbed, Consumer<Damage> damages) throws IOException {
        return new SealedScrub(SealedVerification.open(
                disk,
                scrubbed.file(),
                new Choice(scrubbed::isRead, scrubbed.sample()),
                flaw -> damages.accept(scrubbed.damage(flaw))));
    }

    @Override
    public boolean isDone() {
        return file.isDone();
    }

    @Override
    public long step() {
        return file.step();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
