package io.millrace.loadtest;

import io.millrace.loadtest.Profile.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// One idempotent producer at the rate of each stage in which it takes part.
///
/// Threads: run by one.
final class Producing implements Runnable {
    private static final int UNACKNOWLEDGED_MAX = 20_000;
    private static final Duration CLOSE = Duration.ofMinutes(3);

    private final Setting setting;
    private final int number;
    private final Ledger ledger;
    private final Semaphore room = new Semaphore(UNACKNOWLEDGED_MAX);

    /// What all producers share.
    record Setting(
            long run,
            String bootstrap,
            List<Stage> stages,
            List<TopicPartition> partitions,
            Codec codec,
            Tracker tracker,
            Timeline timeline) {}

    Producing(Setting setting, int number) {
        this.setting = setting;
        this.number = number;
        this.ledger = setting.tracker().ledger(number);
    }

    @Override
    public void run() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                setting.bootstrap(),
                "acks",
                "all",
                "enable.idempotence",
                true,
                "linger.ms",
                5,
                "delivery.timeout.ms",
                180_000,
                "reconnect.backoff.max.ms",
                500);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            long begin = System.nanoTime();
            for (Stage stage : setting.stages()) {
                long end = begin + stage.length().toNanos();
                if (number < stage.producers()) {
                    produce(producer, stage, begin, end);
                } else {
                    parkUntil(end);
                }
                begin = end;
            }
            producer.flush();
        } finally {
            producer.close(CLOSE);
        }
    }

    /// Open loop: a record that could not be sent in time is sent as soon as it can be.
    private void produce(KafkaProducer<byte[], byte[]> producer, Stage stage, long begin, long end) {
        long gap = Duration.ofSeconds(1).toNanos() / stage.recordsPerSecond();
        for (long due = begin; due < end; due += gap) {
            parkUntil(due);
            room.acquireUninterruptibly();
            send(producer, stage.valueBytes());
        }
    }

    private static void parkUntil(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback gets the outcome
    private void send(KafkaProducer<byte[], byte[]> producer, int bytes) {
        List<TopicPartition> partitions = setting.partitions();
        TopicPartition to = partitions.get(ThreadLocalRandom.current().nextInt(partitions.size()));
        Stamp stamp = new Stamp(setting.run(), number, ledger.next(), System.nanoTime());
        Codec codec = setting.codec();
        producer.send(
                new ProducerRecord<>(
                        to.topic(),
                        to.partition(),
                        codec.key(to.topic(), stamp),
                        codec.value(to.topic(), stamp, bytes)),
                (_, failure) -> {
                    room.release();
                    if (failure == null) {
                        ledger.acknowledge(stamp.sequence());
                        setting.timeline().acknowledged(stamp.sentNanos());
                    } else {
                        ledger.fail();
                    }
                });
    }
}
