package io.millrace.coordinator.log;

import io.millrace.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// [LocalGroupLog] over real files; a crash is a copy of them as they are.
final class FilesRig implements GroupLogRig {

    private static final int COPIES_MAX = 100;

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

    /// What a kill leaves: all files as they are at one moment. So a copy counts only if nothing changed meanwhile: the
    /// manifest of one moment and the segments of another are what no kill leaves.
    private static void copyWhileOpen(Path from, Path to) throws IOException {
        for (int i = 0; i < COPIES_MAX; i++) {
            Map<Path, List<Object>> before = state(from);
            Path copy = to.resolveSibling(to.getFileName() + "-copy-" + i);
            boolean isWhole = copy(before.keySet(), from, copy);
            if (isWhole && before.equals(state(from))) {
                Files.move(copy, to);
                return;
            }
        }
        throw new AssertionError(from + " was never still while it was copied " + COPIES_MAX + " times");
    }

    private static Map<Path, List<Object>> state(Path directory) throws IOException {
        Map<Path, List<Object>> state = new HashMap<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                state.put(path, List.of(attributes.size(), attributes.lastModifiedTime()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
        return state;
    }

    /// @return false if a file was gone
    private static boolean copy(Set<Path> files, Path from, Path to) throws IOException {
        try {
            for (Path file : files) {
                Path copied = to.resolve(from.relativize(file));
                Files.createDirectories(copied.getParent());
                Files.copy(file, copied);
            }
            return true;
        } catch (NoSuchFileException gone) {
            return false;
        }
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
