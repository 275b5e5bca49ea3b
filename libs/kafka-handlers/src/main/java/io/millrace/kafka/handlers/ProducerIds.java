package io.millrace.kafka.handlers;

import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Refusal;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Hands out producer ids from blocks that wal-store gave to this instance alone.
///
/// A block that is left over when the process ends is lost, which costs nothing: ids are 63 bits wide.
/// While a block is on its way everyone waits for the same one, so the number of commands does not grow with the
/// clients.
///
/// Threads: any. Source: KIP-98, KIP-730.
final class ProducerIds {

    /// What came of asking for an id.
    sealed interface Grant {

        record ProducerId(long id) implements Grant {}

        record Refused(Refusal refusal, String message) implements Grant {}

        /// Ask again; a block that was lost on the way harms nobody.
        record NotNow(String message) implements Grant {}
    }

    private final Function<Command, Uni<CommandOutcome>> store;
    private final int blockSize;

    /// Guards the three fields below; held for a few instructions, never while waiting.
    private final ReentrantLock lock = new ReentrantLock();

    private long nextId;
    private long endId;
    private @Nullable Uni<CommandOutcome> blockOnItsWay;

    /// @param store sends a command to wal-store
    ProducerIds(Function<Command, Uni<CommandOutcome>> store, int blockSize) {
        if (blockSize < 1) {
            throw new IllegalArgumentException("a block holds at least one producer id, not " + blockSize);
        }
        this.store = store;
        this.blockSize = blockSize;
    }

    Uni<Grant> next() {
        lock.lock();
        try {
            if (nextId < endId) {
                return Uni.createFrom().item(new Grant.ProducerId(nextId++));
            }
            return block().chain(this::afterBlock);
        } finally {
            lock.unlock();
        }
    }

    private Uni<CommandOutcome> block() {
        if (blockOnItsWay == null) {
            blockOnItsWay = store.apply(new Command.AllocateProducerIds(blockSize))
                    .invoke(this::keep)
                    .onTermination()
                    .invoke(this::forgetBlock)
                    .memoize()
                    .indefinitely();
        }
        return blockOnItsWay;
    }

    private Uni<Grant> afterBlock(CommandOutcome outcome) {
        return switch (outcome) {
            // More may have waited than the block held: then the next one is fetched.
            case CommandOutcome.ProducerIds ignored -> next();
            case CommandOutcome.Refused refused ->
                Uni.createFrom().item(new Grant.Refused(refused.refusal(), refused.message()));
            case CommandOutcome.Unknown unknown -> Uni.createFrom().item(new Grant.NotNow(unknown.message()));
            case CommandOutcome.TopicStored other -> throw unexpected(other);
            case CommandOutcome.TopicDeleted other -> throw unexpected(other);
            case CommandOutcome.RecordsDeleted other -> throw unexpected(other);
            case CommandOutcome.ResourceStored other -> throw unexpected(other);
            case CommandOutcome.ProducersDescribed other -> throw unexpected(other);
        };
    }

    private void keep(CommandOutcome outcome) {
        if (outcome instanceof CommandOutcome.ProducerIds block) {
            lock.lock();
            try {
                nextId = block.firstId();
                endId = block.firstId() + block.count();
            } finally {
                lock.unlock();
            }
        }
    }

    private void forgetBlock() {
        lock.lock();
        try {
            blockOnItsWay = null;
        } finally {
            lock.unlock();
        }
    }

    private static IllegalStateException unexpected(CommandOutcome outcome) {
        return new IllegalStateException("Broken invariant: a request for producer ids was answered with " + outcome);
    }
}
