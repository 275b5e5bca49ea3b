package io.millrace.e2e.groups;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.awaitility.Awaitility;

/// One instance of a Kafka Streams application.
///
/// Threads: Kafka Streams' own.
final class StreamsApplication implements AutoCloseable {
    private final KafkaStreams streams;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

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
            application.failures.add(failure);
            return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        application.streams.start();
        return application;
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
