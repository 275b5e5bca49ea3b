package io.millrace.e2e.client;

import io.millrace.e2e.journal.Comparison;
import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Hash;
import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Origin;
import io.millrace.e2e.journal.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/// As [Follower], on librdkafka: kcat, which ends with the first error that it is told.
///
/// It prints keys and no values, whose checksums it verifies.
///
/// Threads: one.
public final class KcatFollower implements TailReader {
    private static final Pattern RECORD = Pattern.compile("(\\d+) (\\d+) (\\S+)");
    private static final Hash NOT_PRINTED = Hash.of(null);

    private final String topic;
    private final Program kcat;
    private final Journal journal = new Journal();
    private int linesTaken;

    private KcatFollower(String topic, Program kcat) {
        this.topic = topic;
        this.kcat = kcat;
    }

    /// Starts it.
    ///
    /// @param clientId by which the servers tell it from others
    public static KcatFollower start(Clients clients, String clientId, String topic) {
        List<String> settings = List.of(
                "client.id=" + clientId, "check.crcs=true", "auto.offset.reset=error", "reconnect.backoff.max.ms=500");
        List<String> command = new ArrayList<>(List.of(
                "kcat",
                "-b",
                clients.bootstrap(),
                "-C",
                "-t",
                topic,
                "-o",
                "beginning",
                "-q",
                "-u",
                "-f",
                "%p %o %k\\n"));
        settings.forEach(setting -> command.addAll(List.of("-X", setting)));
        return new KcatFollower(topic, Program.start(new ProcessBuilder(command)));
    }

    @Override
    public boolean hasReached(Map<TopicPartition, Long> ends) {
        take();
        if (!kcat.isAlive()) {
            kcat.awaitGoodEnd();
            throw new AssertionError("kcat ended by itself");
        }
        return journal.reaches(ends);
    }

    @Override
    public void assertRead(Journal acknowledged) {
        take();
        List<Entry> withoutValues = acknowledged.entries().stream()
                .map(entry -> new Entry(entry.place(), entry.origin(), NOT_PRINTED, entry.nanos()))
                .toList();
        Comparison.of(withoutValues, journal.entries()).assertEqual();
    }

    @Override
    public String toString() {
        return "kcat at " + journal.ends();
    }

    @Override
    public void close() {
        kcat.close();
    }

    /// What else it says are complaints about connections, which are no errors to it.
    private void take() {
        List<String> lines = kcat.lines();
        for (String line : lines.subList(linesTaken, lines.size())) {
            Matcher record = RECORD.matcher(line);
            if (record.matches()) {
                Place place = new Place(topic, Integer.parseInt(record.group(1)), Long.parseLong(record.group(2)));
                Origin origin = Origin.fromKey(record.group(3).getBytes(StandardCharsets.UTF_8));
                journal.add(new Entry(place, origin, NOT_PRINTED, System.nanoTime()));
            }
        }
        linesTaken = lines.size();
    }
}
