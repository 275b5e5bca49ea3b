package io.millrace.walstore.inspect;

import io.millrace.model.PartitionId;
import io.millrace.model.TopicId;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/// The one partition that a dump is about.
///
/// Threads: immutable.
///
/// @param topic a name, or an id as Kafka's tools or as Millrace's messages write it
/// @param fromOffset batches that end before it are left out
record PartitionChoice(String topic, int partition, long fromOffset) {

    private static final int HEX_CHARACTERS = 32;
    private static final int BASE_64_CHARACTERS = 22;

    /// @throws IllegalArgumentException if the text is not a topic, a slash and a number
    static PartitionChoice parse(String text, long fromOffset) {
        int slash = text.lastIndexOf('/');
        String number = text.substring(slash + 1);
        if (slash < 1 || !number.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("--partition takes a topic and a number, as in orders/3, not " + text);
        }
        return new PartitionChoice(text.substring(0, slash), Integer.parseInt(number), fromOffset);
    }

    /// A name means each topic that ever had it.
    boolean isOf(PartitionId partitionId, Map<TopicId, String> topicNames) {
        TopicId id = partitionId.topicId();
        return partitionId.partition() == partition && (topic.equals(topicNames.get(id)) || isId(id));
    }

    private boolean isId(TopicId id) {
        return switch (topic.length()) {
            case HEX_CHARACTERS -> topic.equalsIgnoreCase(id.toString());
            case BASE_64_CHARACTERS -> topic.equals(base64(id));
            default -> false;
        };
    }

    private static String base64(TopicId id) {
        byte[] bytes = HexFormat.of().parseHex(id.toString());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
