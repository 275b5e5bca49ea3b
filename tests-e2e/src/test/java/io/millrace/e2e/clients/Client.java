package io.millrace.e2e.clients;

import java.util.List;
import java.util.regex.Pattern;

/// How to run one client's producer and consumer as programs.
interface Client {
    /// What a script of ours prints for each record.
    Pattern SCRIPT_LINE = Pattern.compile("(?<partition>\\d+) (?<offset>\\d+) (?<value>.+)");

    /// What the client promises about a request that it repeats because the answer was lost.
    enum Retries {
        WRITE_ONCE,
        MAY_REPEAT
    }

    /// A name for topics and files.
    String id();

    /// As in the table.
    String name();

    String version();

    Retries retries();

    /// Produces the values `run.0`, `run.1` and so on; ends with code 0 once all are acknowledged.
    ///
    /// It reads them as lines from its input, unless it makes them up by itself.
    List<String> produce(String topic, int run, int count);

    /// The values that the producer itself says it could not send, and which then may be in the log or not.
    ///
    /// @param lines what it printed
    default List<String> refused(List<String> lines) {
        return List.of();
    }

    /// Consumes in a group from its committed offsets, or else from the beginning, until SIGTERM; commits what it
    /// printed.
    List<String> consume(String topic, String group);

    /// What a line of the consumer looks like that tells of a record.
    default Pattern line() {
        return SCRIPT_LINE;
    }
}
