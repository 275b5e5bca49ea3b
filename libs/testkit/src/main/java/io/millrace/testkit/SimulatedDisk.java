package io.millrace.testkit;

import io.millrace.wal.storage.DiskFullException;
import io.millrace.wal.storage.WalFile;
import io.millrace.wal.storage.WalStorage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// A disk in memory that tells apart what is durable from what was only written, and fails when it is told to.
///
/// A crash keeps of every file that was not forced any of: nothing, everything, a prefix, or some sectors; and of the
/// names that were created, renamed or deleted since the directory was forced, the first few, or any.
///
/// Threads: one. The seed decides everything.
public final class SimulatedDisk implements WalStorage {

    /// What can be made to fail, and where a power cut can strike.
    public enum Operation {
        WRITE,
        FORCE,
        RENAME,
        DELETE,
        FORCE_DIRECTORY
    }

    /// Hears of each operation when it is done, before anybody learns that; from there, crashes can be tried.
    @FunctionalInterface
    public interface Observer {

        /// The operation is done.
        ///
        /// @param name of the file, empty for the directory
        void done(Operation operation, String name);
    }

    private static final int SECTOR_BYTES = 512;

    /// Where reads fail.
    private record UnreadablePlace(String name, long from, long end) {

        boolean isIn(String read, long position, int bytes) {
            return read.equals(name) && position < end && position + bytes > from;
        }
    }

    private final RandomGenerator random;
    private final Map<String, SimulatedFile> names;
    private final Map<String, SimulatedFile> durableNames;
    /// Since the directory was forced.
    private final List<Consumer<Map<String, SimulatedFile>>> namesHistory = new ArrayList<>();

    private final Map<Operation, Integer> counts = new HashMap<>();
    private final Map<Operation, Integer> failures = new HashMap<>();
    private long capacityBytes = Long.MAX_VALUE;
    private int operationsUntilCut = Integer.MAX_VALUE;
    private UnreadablePlace unreadable = new UnreadablePlace("", 0, 0);
    private int readCount;
    private Observer observer = (_, _) -> {};
    private Runnable beforeNextRead = () -> {};

    public SimulatedDisk(RandomGenerator random) {
        this(random, new TreeMap<>());
    }

    private SimulatedDisk(RandomGenerator random, Map<String, SimulatedFile> content) {
        this.random = random;
        this.names = content;
        this.durableNames = new TreeMap<>(content);
    }

    public void observe(Observer newObserver) {
        observer = newObserver;
    }

    /// Something happens between the request for bytes and the reading of them, once.
    public void beforeNextRead(Runnable action) {
        beforeNextRead = action;
    }

    /// Two disks with the same durable names and bytes have the same, and hardly ever any others.
    public long fingerprint() {
        long fingerprint = 1;
        for (Map.Entry<String, SimulatedFile> file : durableNames.entrySet()) {
            fingerprint = (fingerprint * 31 + file.getKey().hashCode()) * 0x9E3779B97F4A7C15L
                    + file.getValue().fingerprint();
        }
        return fingerprint;
    }

    /// What is there when the power comes back.
    public SimulatedDisk afterCrash() {
        Map<String, SimulatedFile> survived = new TreeMap<>(durableNames);
        int kept = random.nextInt(namesHistory.size() + 1);
        boolean isInOrder = random.nextBoolean();
        for (int i = 0; i < namesHistory.size(); i++) {
            if (isInOrder ? i < kept : random.nextInt(namesHistory.size()) < kept) {
                namesHistory.get(i).accept(survived);
            }
        }
        Map<String, SimulatedFile> content = new TreeMap<>();
        survived.forEach((name, file) -> content.put(name, file.afterCrash(random)));
        SimulatedDisk disk = new SimulatedDisk(random, content);
        disk.capacityBytes = capacityBytes;
        return disk;
    }

    /// What is there after kill -9: all that was written, though not durable yet.
    public SimulatedDisk afterProcessCrash() {
        Map<String, SimulatedFile> content = new TreeMap<>();
        names.forEach((name, file) -> content.put(name, file.afterProcessCrash()));
        SimulatedDisk disk = new SimulatedDisk(random, content);
        disk.capacityBytes = capacityBytes;
        return disk;
    }

    /// The power fails during the n-th operation from now, the first being 1.
    public void cutPowerAfter(int operations) {
        operationsUntilCut = operations;
    }

    /// The n-th operation of this kind from now fails with an error of input or output, and so do all later ones.
    public void failFrom(Operation operation, int nth) {
        failures.put(operation, counts.getOrDefault(operation, 0) + nth);
    }

    /// Files cannot become larger together than this.
    public void limitCapacity(long bytes) {
        capacityBytes = bytes;
    }

    public int count(Operation operation) {
        return counts.getOrDefault(operation, 0);
    }

    public int readCount() {
        return readCount;
    }

    public void flip(String name, int position, int mask) {
        file(name).flip(position, mask);
    }

    /// A bit turns over on the disk, while memory still has the page as it was: only uncached reads see it.
    public void rot(String name, int position, int mask) {
        file(name).rot(position, mask);
    }

    /// Reads of any of these bytes fail from now on.
    public void makeUnreadable(String name, long from, long end) {
        unreadable = new UnreadablePlace(name, from, end);
    }

    public void truncate(String name, int size) {
        file(name).truncate(size);
    }

    /// Puts zeros where a sector got lost.
    public void loseSector(String name, int position) {
        SimulatedFile file = file(name);
        file.write(ByteBuffer.allocate(SECTOR_BYTES), position);
        file.force();
    }

    /// Replaces the first bytes, durably.
    public void overwrite(String name, ByteBuffer bytes) {
        SimulatedFile file = file(name);
        file.write(bytes, 0);
        file.force();
    }

    public ByteBuffer content(String name) {
        SimulatedFile file = file(name);
        ByteBuffer content = ByteBuffer.allocate(file.size());
        file.read(content, 0);
        return content.flip();
    }

    /// Bytes that some file has not forced; 0 means that a crash changes nothing but names.
    public int unforcedWrites() {
        return names.values().stream().mapToInt(SimulatedFile::unforcedCount).sum();
    }

    private SimulatedFile file(String name) {
        SimulatedFile file = names.get(name);
        if (file == null) {
            throw new AssertionError("no file " + name + " among " + names.keySet());
        }
        return file;
    }

    /// @return whether the power fails in the middle of this operation
    private boolean begin(Operation operation) throws IOException {
        int count = counts.merge(operation, 1, Integer::sum);
        if (count >= failures.getOrDefault(operation, Integer.MAX_VALUE)) {
            throw new IOException("Input/output error");
        }
        return --operationsUntilCut == 0;
    }

    private void changeNames(Operation operation, String name, Consumer<Map<String, SimulatedFile>> change)
            throws IOException {
        if (begin(operation)) {
            throw new PowerCut(operation.name());
        }
        change.accept(names);
        namesHistory.add(change);
        observer.done(operation, name);
    }

    @Override
    public String location() {
        return "simulated disk";
    }

    @Override
    public List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public WalFile create(String name) throws IOException {
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        SimulatedFile file = new SimulatedFile();
        names.put(name, file);
        namesHistory.add(survived -> survived.put(name, file));
        return new OpenFile(name, file, SimulatedFile::read);
    }

    @Override
    public WalFile open(String name) throws IOException {
        return opened(name, SimulatedFile::read);
    }

    @Override
    public WalFile openUncached(String name) throws IOException {
        return opened(name, SimulatedFile::readFromDisk);
    }

    private WalFile opened(String name, Reading reading) throws IOException {
        SimulatedFile file = names.get(name);
        if (file == null) {
            throw new FileNotFoundException(name);
        }
        return new OpenFile(name, file, reading);
    }

    /// What a read gets: what memory has of a file, or what the disk has.
    @FunctionalInterface
    private interface Reading {

        int read(SimulatedFile file, ByteBuffer target, int position);
    }

    @Override
    public void rename(String name, String newName) throws IOException {
        SimulatedFile file = file(name);
        changeNames(Operation.RENAME, newName, changed -> {
            changed.remove(name);
            changed.put(newName, file);
        });
    }

    @Override
    public void delete(String name) throws IOException {
        if (names.containsKey(name)) {
            changeNames(Operation.DELETE, name, changed -> changed.remove(name));
        }
    }

    @Override
    public void forceDirectory() throws IOException {
        if (begin(Operation.FORCE_DIRECTORY)) {
            throw new PowerCut("FORCE_DIRECTORY");
        }
        durableNames.clear();
        durableNames.putAll(names);
        namesHistory.clear();
        observer.done(Operation.FORCE_DIRECTORY, "");
    }

    @Override
    public long usableBytes() {
        return capacityBytes - usedBytes();
    }

    /// What all files have together.
    public long usedBytes() {
        return names.values().stream().mapToLong(SimulatedFile::size).sum();
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private final class OpenFile implements WalFile {

        private final String name;
        private final SimulatedFile file;

        private final Reading reading;

        OpenFile(String name, SimulatedFile file, Reading reading) {
            this.name = name;
            this.file = file;
            this.reading = reading;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            boolean isCut;
            try {
                isCut = begin(Operation.WRITE);
            } catch (IOException e) {
                writePart(source, position);
                throw e;
            }
            long growth = Math.max(0, position + source.remaining() - file.size());
            if (growth > usableBytes()) {
                throw new DiskFullException("No space left on device");
            }
            if (isCut) {
                writePart(source, position);
                throw new PowerCut("WRITE");
            }
            file.write(source, (int) position);
            observer.done(Operation.WRITE, name);
        }

        @Override
        public void zero(long position, int count) throws IOException {
            write(ByteBuffer.allocate(count), position);
        }

        /// A write that is cut short ends between two sectors: the kernel takes whole pages.
        private void writePart(ByteBuffer source, long position) {
            int count = random.nextInt(source.remaining() / SECTOR_BYTES + 1) * SECTOR_BYTES;
            file.write(source.slice(source.position(), count), (int) position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            readCount++;
            Runnable action = beforeNextRead;
            beforeNextRead = () -> {};
            action.run();
            if (unreadable.isIn(name, position, target.remaining())) {
                throw new IOException("Input/output error");
            }
            return reading.read(file, target, (int) position);
        }

        @Override
        public void force() throws IOException {
            boolean isCut;
            try {
                isCut = begin(Operation.FORCE);
            } catch (IOException e) {
                file.failForce(random);
                throw e;
            }
            if (isCut && random.nextBoolean()) {
                throw new PowerCut("FORCE, before it was done");
            }
            file.force();
            if (isCut) {
                throw new PowerCut("FORCE, after it was done");
            }
            observer.done(Operation.FORCE, name);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
