package io.millrace.partition;

import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;

/// What a topic's configurations say of appends, read out of their texts once.
///
/// Threads: immutable.
record AppendRules(Topic topic, int batchBytesMax, boolean isLogAppendTime) {

    static AppendRules of(Topic topic) {
        return new AppendRules(topic, TopicConfigs.maxMessageBytes(topic), TopicConfigs.isLogAppendTime(topic));
    }
}
