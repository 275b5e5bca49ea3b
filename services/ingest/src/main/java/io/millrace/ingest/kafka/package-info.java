/// Kafka's requests as ingest answers them.
///
/// Front doors: [ProduceHandler] with [BatchValidator], through which every record batch goes, and [TopicApis], what
/// tools ask about topics.
@NullMarked
package io.millrace.ingest.kafka;

import org.jspecify.annotations.NullMarked;
