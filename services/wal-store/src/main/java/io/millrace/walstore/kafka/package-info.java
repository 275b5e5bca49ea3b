/// What wal-store must know of Kafka's records, for compaction alone: [KafkaBatchCleaner].
@NullMarked
package io.millrace.walstore.kafka;

import org.jspecify.annotations.NullMarked;
