package io.millrace.coordinator.log;

import io.millrace.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// [LocalGroupLog] over real files; a crash is a copy of them as they are.
final class FilesRig implements GroupLogRig {

    private final Path directory;
    private final SimulatedClock clock = new SimulatedClock(0);
    private final ExecutorService folder = Executors.newSingleThreadExecutor();
    private final List<GroupLogStore> opened = new ArrayList<>();
    private HeldGroupStore store;

    FilesRig(Path directory) throws GroupStoreException {
        this.directory = directory;
        store = open();
    }

    private HeldGroupStore open() throws GroupStoreException {
        GroupLogStore files = TestStores.open(directory.resolve(Integer.toString(opened.size())), 4);
        opened.add(files);
        return new HeldGroupStore(files.store());
    }

    @Override
    public LogUnderTest owner() {
        FoldThread folds = new FoldThread(folder, failure -> {
            throw new AssertionError(failure);
        });
        return new LogUnderTest(
                new LocalGroupLog(store, SimulatedRig.OPTIONS, new LogClock(clock::nanos), LogUnderTest::read, folds));
    }

    @Override
    public LogUnderTest afterCrash() throws IOException {
        copyWhileOpen(directory.resolve(Integer.toString(opened.size() - 1)), directory.resolve("" + opened.size()));
        store = open();
        return owner();
    }

    /// What a kill leaves: files as they are at some moment, not all at the same one.
    static void copyWhileOpen(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(path)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                Files.copy(path, to.resolve(from.relativize(path)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public void hold() {
        store.hold();
    }

    @Override
    public void release() {
        store.release();
    }

    @Override
    public void fail() {
        store.fail();
    }

    @Override
    public void heal() {
        store.heal();
    }

    @Override
    public void passTime(Duration duration) {
        clock.advance(duration);
    }

    @Override
    public void close() throws GroupStoreException {
        folder.close();
        for (GroupLogStore files : opened) {
            files.close();
        }
    }
}
