package io.millrace.ingest.kafka;

import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.compress.GzipCompression;
import org.apache.kafka.common.compress.Lz4Compression;
import org.apache.kafka.common.compress.ZstdCompression;

/// What a topic's configuration asks of a record batch, parsed once for all batches.
///
/// Threads: immutable.
///
/// @param compression how stored batches must be compressed; empty if the producer chooses
record TopicRules(
        Topic topic,
        int maxMessageBytes,
        boolean isCompacted,
        boolean isLogAppendTime,
        long timestampBeforeMaxMillis,
        long timestampAfterMaxMillis,
        Optional<Compression> compression) {

    static TopicRules of(Topic topic) {
        return new TopicRules(
                topic,
                TopicConfigs.maxMessageBytes(topic),
                TopicConfigs.isCompacted(topic),
                TopicConfigs.isLogAppendTime(topic),
                TopicConfigs.timestampBeforeMaxMillis(topic),
                TopicConfigs.timestampAfterMaxMillis(topic),
                compression(topic));
    }

    /// The codec that the batch has to be turned to before it is stored, if it has another one.
    Optional<Compression> otherCompression(RecordBatch batch) {
        return compression.filter(wanted -> wanted.type().id != batch.compressionCode());
    }

    private static Optional<Compression> compression(Topic topic) {
        return switch (TopicConfigs.compressionType(topic)) {
            case "uncompressed" -> Optional.of(Compression.NONE);
            case "gzip" -> Optional.of(gzip(level(topic, "compression.gzip.level")));
            case "snappy" -> Optional.of(Compression.snappy().build());
            case "lz4" -> Optional.of(lz4(level(topic, "compression.lz4.level")));
            case "zstd" -> Optional.of(zstd(level(topic, "compression.zstd.level")));
            default -> Optional.empty();
        };
    }

    private static GzipCompression gzip(int level) {
        return Compression.gzip().level(level).build();
    }

    private static Lz4Compression lz4(int level) {
        return Compression.lz4().level(level).build();
    }

    private static ZstdCompression zstd(int level) {
        return Compression.zstd().level(level).build();
    }

    private static int level(Topic topic, String config) {
        return Integer.parseInt(TopicConfigs.value(topic, config));
    }
}
