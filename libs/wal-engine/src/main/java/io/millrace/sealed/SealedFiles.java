package io.millrace.sealed;

import io.millrace.partition.SealedLedger;
import io.millrace.partition.SealedRun;
import io.millrace.wal.CorruptLogException;
import io.millrace.wal.LogIdentity;
import io.millrace.wal.storage.WalStorage;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The sealed files of one shard.
///
/// Threads: the upkeep thread writes and deletes; any thread reads.
/// Ownership: closes the files, not the storage.
public final class SealedFiles implements AutoCloseable {

    private final WalStorage storage;
    private final LogIdentity identity;
    private final SealOptions options;
    private final Clock clock;
    /// By number.
    private final ConcurrentNavigableMap<Long, Kept> files = new ConcurrentSkipListMap<>();
    /// Written by the upkeep thread.
    private volatile long nextNumber;

    private record Kept(SealedFile file, SealedFooter footer) {}

    private SealedFiles(WalStorage storage, LogIdentity identity, SealOptions options, Clock clock) {
        this.storage = storage;
        this.identity = identity;
        this.options = options;
        this.clock = clock;
    }

    /// Opens what the last checkpoint names; nothing is deleted yet.
    ///
    /// @throws CorruptLogException if a file is missing, or is not the one that is named
    public static SealedFiles open(
            WalStorage storage, LogIdentity identity, SealedManifest manifest, Surroundings surroundings)
            throws IOException {
        SealedFiles opened = new SealedFiles(storage, identity, surroundings.options(), surroundings.clock());
        try {
            opened.openNamed(manifest);
            return opened;
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /// What a shard's files need besides their directory.
    ///
    /// @param clock for the time of creation in a file's header
    public record Surroundings(SealOptions options, Clock clock) {}

    private void openNamed(SealedManifest manifest) throws IOException {
        Set<String> there = new HashSet<>(storage.list());
        long next = manifest.nextNumber();
        for (String name : there) {
            if (SealedFormat.isSealed(name)) {
                next = Math.max(next, SealedFormat.number(name) + 1);
            }
        }
        nextNumber = next;
        for (SealedManifest.Name named : manifest.files()) {
            String name = SealedFormat.fileName(named.number());
            if (!there.contains(name)) {
                throw new CorruptLogException(name, 0, "the sealed file is missing");
            }
            SealedFile file = SealedFile.open(storage, name, identity);
            try {
                files.put(named.number(), new Kept(file, footer(file, named)));
            } catch (IOException e) {
                file.release();
                throw e;
            }
        }
    }

    private static SealedFooter footer(SealedFile file, SealedManifest.Name named) throws IOException {
        SealedFooter footer = SealedFooter.read(file).orElse(null);
        if (footer == null) {
            footer = SealedFooter.repair(file, named.dataEnd());
        }
        if (footer.dataEnd() != named.dataEnd() || footer.runs().size() != named.runCount()) {
            throw new CorruptLogException(
                    file.name(),
                    footer.dataEnd(),
                    "the file has " + footer.runs().size() + " runs up to here, but the checkpoint says "
                            + named.runCount() + " up to byte " + named.dataEnd());
        }
        return footer;
    }

    /// Deletes what no checkpoint names. Called once, when everything that is named was found whole.
    public void deleteUnnamed() throws IOException {
        boolean isChanged = false;
        for (String name : storage.list()) {
            boolean isUnnamed = SealedFormat.isSealed(name) && !files.containsKey(SealedFormat.number(name));
            if (isUnnamed || SealedFormat.isLeftover(name)) {
                storage.delete(name);
                isChanged = true;
            }
        }
        if (isChanged) {
            storage.forceDirectory();
        }
    }

    /// The runs of all files, those of the latest file first: it decides where two runs cover the same offsets.
    public List<SealedRun> runsLatestFirst() {
        return files.descendingMap().values().stream()
                .flatMap(kept -> kept.footer().runs().stream())
                .toList();
    }

    /// A file that nobody sees before it is finished and added.
    public SealedFileWriter create() throws IOException {
        long number = nextNumber;
        nextNumber = number + 1;
        SealedHeader header = new SealedHeader(identity, number, clock.millis(), options.stretchBytes());
        return new SealedFileWriter(storage, header, options.runEntriesMax());
    }

    /// Lets readers find a file; its runs may be published from now on.
    public void add(SealedFileWriter.Finished finished) {
        files.put(finished.file().number(), new Kept(finished.file(), finished.footer()));
    }

    /// Deletes a file that was finished but never added.
    public void discard(SealedFileWriter.Finished finished) throws IOException {
        finished.file().release();
        storage.delete(finished.file().name());
    }

    /// Tells the ledger of all files, before their runs are added to it.
    public void openIn(SealedLedger ledger) {
        files.forEach((number, kept) -> kept.footer().openIn(ledger, number));
    }

    /// The file of this number, held for the caller, who releases it; null if it is gone.
    public @Nullable SealedFile hold(long number) {
        Kept kept = files.get(number);
        return kept != null && kept.file().hold() ? kept.file() : null;
    }

    /// What these files are, for a checkpoint.
    public SealedManifest manifestOf(Collection<Long> numbers) {
        List<SealedManifest.Name> names = new ArrayList<>(numbers.size());
        for (long number : numbers) {
            Kept kept = files.get(number);
            if (kept == null) {
                throw new IllegalStateException("Broken invariant: a file with living runs is there: " + number);
            }
            names.add(new SealedManifest.Name(
                    number, kept.footer().dataEnd(), kept.footer().runs().size()));
        }
        return new SealedManifest(nextNumber, names);
    }

    /// Deletes files, once a durable checkpoint names them no more. Readers that are in one of them finish
    /// first.
    public void delete(Collection<Long> numbers) throws IOException {
        for (long number : numbers) {
            Kept kept = files.remove(number);
            if (kept != null) {
                storage.delete(kept.file().name());
                kept.file().release();
            }
        }
        if (!numbers.isEmpty()) {
            storage.forceDirectory();
        }
    }

    /// What a file had to say of itself at the start, or when it was written; null if it is gone.
    public @Nullable Known known(long number) {
        Kept kept = files.get(number);
        return kept == null ? null : new Known(kept.file(), kept.footer());
    }

    /// A file of which header and footer are in memory. It is not held, so its bytes may be gone.
    public record Known(SealedFile file, SealedFooter footer) {

        public String fileName() {
            return file.name();
        }
    }

    /// What is in each file, in the order of their numbers.
    public List<FileSummary> summaries() {
        return files.values().stream()
                .map(kept -> new FileSummary(
                        kept.file().name(),
                        kept.file().number(),
                        kept.footer().runs().size(),
                        kept.footer().dataEnd()))
                .toList();
    }

    /// One file.
    ///
    /// @param bytes of its runs and its header
    public record FileSummary(String fileName, long number, int runCount, long bytes) {}

    @Override
    public void close() throws IOException {
        for (Kept kept : files.values()) {
            kept.file().release();
        }
        files.clear();
    }
}
