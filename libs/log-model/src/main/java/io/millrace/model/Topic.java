package io.millrace.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A topic as the catalog knows it.
///
/// Threads: immutable.
///
/// @param configs only what was set for this topic; everything else has its default, see [TopicConfigs]
public record Topic(TopicId id, String name, int partitionCount, Map<String, String> configs) {

    public Topic {
        configs = Collections.unmodifiableMap(new TreeMap<>(configs));
        if (partitionCount < 1) {
            throw new IllegalArgumentException("a topic has at least one partition, not " + partitionCount);
        }
    }
}
