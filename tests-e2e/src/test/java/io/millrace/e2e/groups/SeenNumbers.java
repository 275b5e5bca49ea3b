package io.millrace.e2e.groups;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;

/// A topology that gives each number a key, and keeps for each key the set of numbers that it has seen: what is read
/// again changes nothing, what is lost is missing.
final class SeenNumbers {
    static final int KEYS = 12;

    private SeenNumbers() {}

    static Topology topology(String input, String output) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(input, Consumed.with(Serdes.String(), Serdes.String()))
                .selectKey((_, number) -> "key-" + Integer.parseInt(number) % KEYS)
                .groupByKey(Grouped.with("by-key", Serdes.String(), Serdes.String()))
                .aggregate(
                        () -> "",
                        (_, number, seen) -> with(seen, Integer.parseInt(number)),
                        Materialized.<String, String, KeyValueStore<Bytes, byte[]>>as("seen")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.String()))
                .toStream()
                .to(output, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static String with(String seen, int number) {
        Set<Integer> numbers = numbers(seen);
        numbers.add(number);
        return numbers.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    static Set<Integer> numbers(String list) {
        return Arrays.stream(list.split(","))
                .filter(word -> !word.isEmpty())
                .map(Integer::parseInt)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
