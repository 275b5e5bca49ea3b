package io.millrace.coordinator.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Answers about groups in the order in which a client named them: each shard answers for its own, and a client may
/// go by the order.
final class AskedOrder {
    private AskedOrder() {}

    static <T> List<T> of(List<String> asked, List<T> answers, Function<T, String> groupId) {
        Map<String, Integer> places = new HashMap<>();
        asked.forEach(group -> places.putIfAbsent(group, places.size()));
        List<T> ordered = new ArrayList<>(answers);
        ordered.sort(Comparator.comparing(answer -> places.getOrDefault(groupId.apply(answer), places.size())));
        return ordered;
    }
}
