package io.millrace.walstore.inspect;

import io.millrace.store.LogInspector;
import io.millrace.wal.storage.FileStorage;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;

/// Shows the files of a log: what they are, whether they are whole, what is in them.
///
/// Exit codes: 0 all is well, 1 something is damaged, 2 the question could not be answered.
final class WalMain {

    private static final int DAMAGED = 1;
    private static final int NO_ANSWER = 2;
    private static final int OUTPUT_BUFFER_BYTES = 1 << 16;

    private WalMain() {}

    public static void main(String[] words) {
        int code;
        try (PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER_BYTES),
                false,
                StandardCharsets.UTF_8)) {
            code = run(Arguments.parse(List.of(words)), out);
        } catch (FileSystemException e) {
            // Its message is often the name of the file alone.
            System.err.println(e);
            code = NO_ANSWER;
        } catch (IllegalArgumentException | IOException e) {
            System.err.println(e.getMessage());
            code = NO_ANSWER;
        }
        System.exit(code);
    }

    private static int run(Arguments arguments, PrintStream out) throws IOException {
        Path directory = arguments.directory();
        try (FileStorage storage = FileStorage.openReadOnly(directory)) {
            LogInspector inspector =
                    new LogInspector(storage, Clock.systemUTC(), System::nanoTime, RandomGenerator.getDefault());
            if (!inspector.isLog()) {
                throw new IOException("There is no log in " + directory + ".");
            }
            boolean isTaken = FileStorage.isTaken(directory);
            if (isTaken) {
                tellTaken(arguments.action(), directory);
            }
            Printer printer = new Printer(out, arguments.format());
            boolean isWell = switch (arguments.action()) {
                case LS -> new Listing(inspector, printer).run();
                case VERIFY -> new Verification(inspector, printer).run();
                case DUMP -> new Dump(inspector, printer, arguments.partition()).run();
            };
            return isWell ? 0 : DAMAGED;
        }
    }

    private static void tellTaken(Arguments.Action action, Path directory) throws IOException {
        String taken = "A running process has " + directory + ".";
        switch (action) {
            case LS, DUMP ->
                System.err.println(taken + " What it is writing may look torn, and what it frees may be gone.");
            case VERIFY ->
                throw new IOException(taken + " Stop it, or verify a copy that was made while none was running.");
        }
    }
}
