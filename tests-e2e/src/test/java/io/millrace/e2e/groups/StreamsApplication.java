package io.millrace.e2e.groups;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.awaitility.Awaitility;

/// One instance of a Kafka Streams application.
///
/// Threads: Kafka Streams' own.
final class StreamsApplication implements AutoCloseable {
    /// For so long the consumer of a thread that is replaced closes: on its way out it joins the group once more, and
    /// waits in vain for its leave to be done, with heartbeats and with the tasks that it was given.
    private static final Duration LEAVING = Duration.ofSeconds(30).plus(QuickGroups.SESSION);

    private final KafkaStreams streams;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean mayBeExpelled;

    /// Written by the thread that fails.
    private volatile long replacedAtNanos = System.nanoTime() - LEAVING.toNanos();

    private StreamsApplication(KafkaStreams streams) {
        this.streams = streams;
    }

    /// Where and how an application runs.
    ///
    /// @param id of the application, which is its group's
    record Place(String bootstrap, String id, String protocol, Path stateDirectory) {}

    static StreamsApplication start(Topology topology, Place place) {
        Properties settings = new Properties();
        settings.put("application.id", place.id());
        settings.put("bootstrap.servers", place.bootstrap());
        settings.put("group.protocol", place.protocol());
        settings.put("state.dir", place.stateDirectory().toString());
        settings.put("num.stream.threads", 1);
        settings.put("commit.interval.ms", 100);
        settings.put("reconnect.backoff.max.ms", 500);
        settings.put("task.timeout.ms", 600_000);
        if (place.protocol().equals("classic")) {
            settings.putAll(Map.of(
                    "main.consumer.session.timeout.ms",
                    (int) QuickGroups.SESSION.toMillis(),
                    "main.consumer.heartbeat.interval.ms",
                    1_000));
        }
        StreamsApplication application = new StreamsApplication(new KafkaStreams(topology, settings));
        application.streams.setUncaughtExceptionHandler(failure -> {
            if (application.mayBeExpelled && isOfAnExpelledMember(failure)) {
                System.out.println("Kafka Streams replaces a thread, its member was expelled: " + failure.getCause());
                application.replacedAtNanos = System.nanoTime();
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
            application.failures.add(failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        application.streams.start();
        return application;
    }

    /// A coordinator that stood still for longer than the session time-out expels its members. Kafka's consumer
    /// joins anew, but in a streams group the client of Kafka 4.3 sometimes ends its thread with the exception: it
    /// asked for offsets as the member that it was no more, or joined with the epoch that says "I leave" and was
    /// refused, as Kafka's own coordinator refuses it. Applications that must go on replace the thread.
    ///
    /// Source: KAFKA-19335, which mended another way to the second.
    private static boolean isOfAnExpelledMember(Throwable failure) {
        Throwable cause = failure.getCause();
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        return switch (cause) {
            case UnknownMemberIdException _ -> true;
            case InvalidRequestException _ -> message.startsWith("Topology can only be provided when (re-)joining");
            case IllegalStateException _ -> message.startsWith("Consumer is not subscribed to any topics");
            case null, default -> false;
        };
    }

    /// Whether the coordinator may stand still for longer than the session time-out; if not, nobody is to be expelled.
    void setMayBeExpelled(boolean mayBe) {
        mayBeExpelled = mayBe;
    }

    /// How long a thread that was replaced may still keep tasks to itself; zero or less if it cannot any more.
    Duration leaving() {
        return LEAVING.minusNanos(System.nanoTime() - replacedAtNanos);
    }

    void awaitRunning() {
        Awaitility.await("the application runs")
                .atMost(Duration.ofSeconds(60))
                .failFast("it failed", () -> !failures.isEmpty())
                .until(() -> streams.state() == KafkaStreams.State.RUNNING);
    }

    Queue<Throwable> failures() {
        return failures;
    }

    @Override
    public void close() {
        streams.close(Duration.ofSeconds(30));
    }
}
