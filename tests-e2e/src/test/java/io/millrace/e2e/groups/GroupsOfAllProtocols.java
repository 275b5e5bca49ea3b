package io.millrace.e2e.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Clients;
import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Journal;
import io.millrace.e2e.journal.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// A group of each protocol that reads a topic and commits, two members each, and what they were told.
///
/// Threads: one uses it.
final class GroupsOfAllProtocols implements AutoCloseable {
    private static final List<String> NAMES = List.of("classic", "consumer", "streams");

    /// How soon a group must go on after the service is back.
    private static final Duration PATIENCE = QuickGroups.SESSION.plusSeconds(10);

    private final Admin admin;
    private final String topic;
    private final List<Member> members = new ArrayList<>();
    private final List<StreamsApplication> applications = new ArrayList<>();
    private final Map<String, GroupJournal> journals = new TreeMap<>();
    private final Map<String, CommittedWatch> watches = new TreeMap<>();
    private final Journal readByStreams = new Journal();
    private final Map<String, List<Member>> membersOf = new HashMap<>();

    GroupsOfAllProtocols(Clients clients, Admin admin, String topic, Path stateDirectory) {
        this.admin = admin;
        this.topic = topic;
        NAMES.forEach(name -> journals.put(name, new GroupJournal()));
        for (int i = 0; i < 2; i++) {
            join(clients, "classic");
            join(clients, "consumer");
            applications.add(StreamsApplication.start(
                    journaling(topic, readByStreams),
                    new StreamsApplication.Place(
                            clients.bootstrap(), "streams", "streams", stateDirectory.resolve("instance-" + i))));
        }
        journals.forEach((name, journal) -> watches.put(name, CommittedWatch.start(admin, name, journal)));
    }

    private void join(Clients clients, String protocol) {
        Map<String, Object> settings = QuickGroups.settings(protocol, protocol);
        // A member that waits for a paused server learns that it is there again.
        settings.put("request.timeout.ms", 5_000);
        Member member = Member.join(
                clients, settings, Member.Subscription.to(topic), Objects.requireNonNull(journals.get(protocol)));
        members.add(member);
        membersOf.computeIfAbsent(protocol, _ -> new ArrayList<>()).add(member);
    }

    private static Topology journaling(String topic, Journal journal) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .process(() -> new Journaling(journal));
        return builder.build();
    }

    /// Notes each record that a Streams application reads.
    private static final class Journaling implements Processor<byte[], byte[], Void, Void> {
        private final Journal journal;
        private @Nullable ProcessorContext<Void, Void> context;

        private Journaling(Journal journal) {
            this.journal = journal;
        }

        @Override
        public void init(ProcessorContext<Void, Void> given) {
            context = given;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            Objects.requireNonNull(context)
                    .recordMetadata()
                    .ifPresent(place -> journal.add(
                            new Place(place.topic(), place.partition(), place.offset()), record.key(), record.value()));
        }
    }

    /// Whether members may be expelled from now on, see [StreamsApplication].
    void setMayBeExpelled(boolean mayBe) {
        applications.forEach(application -> application.setMayBeExpelled(mayBe));
        members.forEach(member -> member.setMayBeExpelled(mayBe));
    }

    /// Each group commits more than it had; the streams group may take longer if it waits for a thread that was
    /// replaced.
    void awaitProgress(String when) {
        Map<String, Long> before = sums();
        try {
            awaitProgress(when, before, PATIENCE);
        } catch (ConditionTimeoutException e) {
            Duration leaving = applications.stream()
                    .map(StreamsApplication::leaving)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
            if (!leaving.isPositive() || !standingStill(before).equals(List.of("streams"))) {
                throw standStill(when, before, e);
            }
            System.out.println("The streams group waits for a thread that was replaced: " + described("streams"));
            try {
                awaitProgress(when, before, leaving.plus(PATIENCE));
            } catch (ConditionTimeoutException still) {
                throw standStill(when, before, still);
            }
        }
    }

    private void awaitProgress(String when, Map<String, Long> before, Duration atMost) {
        Awaitility.await("every group goes on " + when)
                // A Streams thread that is replaced ends with its exception; faults() tells of all others.
                .dontCatchUncaughtExceptions()
                .atMost(atMost)
                .until(() -> standingStill(before).isEmpty());
    }

    private AssertionError standStill(String when, Map<String, Long> before, ConditionTimeoutException cause) {
        return new AssertionError(
                standingStill(before).stream().map(this::described).toList() + " stand still " + when, cause);
    }

    /// The groups that have committed no more than they had.
    private List<String> standingStill(Map<String, Long> before) {
        return sums().entrySet().stream()
                .filter(sum -> sum.getValue() <= before.getOrDefault(sum.getKey(), 0L))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// What the coordinator says of a group.
    private String described(String name) {
        List<String> names = List.of(name);
        KafkaFuture<String> description = switch (name) {
            case "classic" -> admin.describeClassicGroups(names).all().thenApply(String::valueOf);
            case "consumer" -> admin.describeConsumerGroups(names).all().thenApply(String::valueOf);
            default ->
                admin.describeStreamsGroups(names)
                        .all()
                        .thenApply(all -> all.values().stream()
                                .map(group ->
                                        group.groupState() + ", epoch " + group.groupEpoch() + ": " + group.members())
                                .toList()
                                .toString());
        };
        try {
            return name + ": " + description.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return name + ", which is not described: " + e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return name + ", which is not described: " + e;
        }
    }

    private Map<String, Long> sums() {
        return watches.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, watch -> watch.getValue().highestSum()));
    }

    void awaitCommitted(List<Entry> acknowledged) {
        NAMES.forEach(name -> Committed.awaitAll(admin, name, acknowledged));
    }

    /// What must not be, and was.
    List<String> faults() {
        Stream<String> ofGroups = journals.values().stream().flatMap(journal -> journal.faults().stream());
        Stream<String> ofApplications = applications.stream()
                .flatMap(application -> application.failures().stream())
                .map(Throwable::toString);
        Stream<String> ofMembers =
                members.stream().filter(member -> !member.isRunning()).map(_ -> "a member has ended");
        return Stream.of(ofGroups, ofApplications, ofMembers)
                .flatMap(each -> each)
                .toList();
    }

    void assertEverythingWasRead(List<Entry> acknowledged) {
        membersOf.forEach((name, each) ->
                assertRead(name, acknowledged, each.stream().flatMap(member -> member.journal().entries().stream())));
        assertRead("streams", acknowledged, readByStreams.entries().stream());
    }

    private static void assertRead(String group, List<Entry> acknowledged, Stream<Entry> read) {
        Set<Place> places = read.map(Entry::place).collect(Collectors.toSet());
        assertThat(acknowledged.stream().filter(entry -> !places.contains(entry.place())))
                .as("what %s has not read", group)
                .isEmpty();
    }

    @Override
    public void close() {
        watches.values().forEach(CommittedWatch::close);
        applications.forEach(StreamsApplication::close);
        members.forEach(Member::close);
    }
}
