package io.millrace.e2e.history;

import io.millrace.e2e.client.Background;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.history.Event.Read;
import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Hash;
import io.millrace.e2e.journal.Origin;
import io.millrace.e2e.journal.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// A consumer that reads everything from the first offset on, never seeks, and writes down what it gets.
///
/// Threads: polls on one of its own.
final class Reader implements Actor {
    private static final Duration POLL = Duration.ofMillis(200);

    private final History history;
    private final String name;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Background polling;

    Reader(History history, Clients clients, String name, List<TopicPartition> partitions) {
        this.history = history;
        this.name = name;
        this.consumer = clients.consumer(Map.of());
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, 0));
        this.polling = Background.repeat("reader " + name, this::step);
    }

    private void step() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            note(history, name, record);
        }
    }

    static void note(History history, String reader, ConsumerRecord<byte[], byte[]> record) {
        Place place = new Place(record.topic(), record.partition(), record.offset());
        Origin origin = Origin.fromKey(record.key());
        history.add(new Read(reader, new Entry(place, origin, Hash.of(record.value()), System.nanoTime())));
    }

    @Override
    public void close() {
        polling.stop();
        consumer.close();
    }
}
