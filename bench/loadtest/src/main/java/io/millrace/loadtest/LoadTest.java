package io.millrace.loadtest;

import io.millrace.loadtest.Timeline.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Runs one profile and writes its report.
///
/// Exit status: 0 if nothing was lost, duplicated, reordered or skipped; 1 if something was; 2 for a wrong command
/// line.
public final class LoadTest {
    private static final int TOPICS = 5;
    private static final int PARTITIONS = 3;
    private static final int WRONG_USE = 2;
    private static final int SAMPLES_PER_LINE = 5;

    /// For how long nothing may come before what is missing counts as lost.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Options options;
    private final Codec codec;
    private final Timeline timeline = new Timeline();
    private final long run;
    private volatile boolean isProduced;
    private volatile boolean isOver;

    private LoadTest(Options options) {
        this.options = options;
        this.codec = options.registry()
                .<Codec>map(base -> new AvroCodec(new SchemaRegistry(base)))
                .orElseGet(PlainCodec::new);
        this.run = new Random().nextLong();
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(List.of(arguments));
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + "\n" + Options.USAGE);
            System.exit(WRONG_USE);
            return;
        }
        System.exit(new LoadTest(options).execute() ? 0 : 1);
    }

    private boolean execute() throws IOException, InterruptedException, ExecutionException {
        System.out.printf(
                Locale.ROOT,
                "%s for %d s, up to %d producers and %d consumers; --seed %d%n",
                options.profile().name().toLowerCase(Locale.ROOT),
                options.profile().length().toSeconds(),
                options.profile().producers(),
                options.profile().consumers(),
                options.seed());
        String group = "loadtest-" + Long.toHexString(run);
        Map<TopicPartition, Long> starts = prepare(group);
        Tracker tracker = new Tracker(run, options.profile().producers(), starts);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> producing = startProducers(threads, tracker, List.copyOf(starts.keySet()));
            List<Future<?>> others = startOthers(threads, tracker, group);
            while (!producing.stream().allMatch(Future::isDone)) {
                showProgress(tracker);
            }
            isProduced = true;
            for (Future<?> each : producing) {
                each.get();
            }
            awaitReceived(tracker);
            isOver = true;
            for (Future<?> each : others) {
                each.get();
            }
        }
        Tracker.Result result = tracker.result();
        Report.write(options, result, timeline);
        System.out.println(Report.account(result));
        System.out.println(line(timeline.whole()));
        System.out.println((result.isCorrect() ? "Correct." : "NOT CORRECT.") + " Report: " + options.report());
        return result.isCorrect();
    }

    /// Creates what is missing, and lets the group begin where the topics end now.
    private Map<TopicPartition, Long> prepare(String group) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", options.bootstrap()))) {
            Set<String> known = admin.listTopics().names().get();
            List<NewTopic> missing = topics().stream()
                    .filter(topic -> !known.contains(topic))
                    .map(topic -> new NewTopic(topic, PARTITIONS, (short) -1))
                    .toList();
            admin.createTopics(missing).all().get();
            List<TopicPartition> partitions = admin.describeTopics(topics()).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .toList();
            Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(partitions.stream()
                            .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest())))
                    .all()
                    .get();
            Map<TopicPartition, Long> starts = new HashMap<>();
            ends.forEach((partition, end) -> starts.put(partition, end.offset()));
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
            starts.forEach((partition, offset) -> committed.put(partition, new OffsetAndMetadata(offset)));
            admin.alterConsumerGroupOffsets(group, committed).all().get();
            return starts;
        }
    }

    private static List<String> topics() {
        return IntStream.range(0, TOPICS).mapToObj(n -> "loadtest-topic-" + n).toList();
    }

    private List<Future<?>> startProducers(ExecutorService threads, Tracker tracker, List<TopicPartition> partitions) {
        Producing.Setting setting = new Producing.Setting(
                run, options.bootstrap(), options.profile().stages(), partitions, codec, tracker, timeline);
        List<Future<?>> started = new ArrayList<>();
        for (int i = 0; i < options.profile().producers(); i++) {
            started.add(threads.submit(new Producing(setting, i)));
        }
        return started;
    }

    private List<Future<?>> startOthers(ExecutorService threads, Tracker tracker, String group) {
        List<Future<?>> started = new ArrayList<>();
        Consuming.Setting setting =
                new Consuming.Setting(options.bootstrap(), group, topics(), codec, tracker, timeline, () -> isOver);
        for (int i = 0; i < options.profile().consumers(); i++) {
            started.add(threads.submit(new Consuming(setting)));
        }
        options.killEvery()
                .ifPresent(every -> started.add(threads.submit(new Chaos(options, every, timeline, () -> isProduced))));
        return started;
    }

    private void showProgress(Tracker tracker) throws InterruptedException {
        TimeUnit.SECONDS.sleep(1);
        Sample sample = timeline.sample();
        if (timeline.samples().size() % SAMPLES_PER_LINE == 0) {
            System.out.println(line(sample) + String.format(Locale.ROOT, "; %,d on their way", tracker.missing()));
        }
    }

    private static String line(Sample sample) {
        return String.format(
                Locale.ROOT,
                "%4.0f s: %,d acknowledged (p50 %.1f ms, p99 %.1f ms), %,d received (p50 %.1f ms, p99 %.1f ms)",
                sample.second(),
                sample.acknowledged().count(),
                sample.acknowledged().p50() / 1e3,
                sample.acknowledged().p99() / 1e3,
                sample.received().count(),
                sample.received().p50() / 1e3,
                sample.received().p99() / 1e3);
    }

    private void awaitReceived(Tracker tracker) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long missing = tracker.missing();
        while (missing > 0 && System.nanoTime() < deadline) {
            showProgress(tracker);
            if (tracker.missing() < missing) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            }
            missing = tracker.missing();
        }
        timeline.sample();
    }
}
