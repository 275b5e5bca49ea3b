/// The Kafka protocol as functions over buffers; the one wrapper of the Kafka codec.
///
/// Front door: [KafkaCodec] turns a frame into a [KafkaRequest] and an answer into buffers. [KafkaErrors] is the one
/// place where a refusal becomes a Kafka error code, [RecordsView] and [RecordBatches] are the two ways to records.
/// [SnappyBlocks] stands before Kafka's codecs wherever a client's compressed bytes are read.
///
/// A frame on the wire; the size prefix counts what follows it, and is not part of what this package calls a frame:
///
/// ```
/// size (int32) | api key (int16) | version (int16) | correlation id (int32) | client id | … | body      request
/// size (int32) | correlation id (int32) | … | body                                                     response
/// ```
@NullMarked
package io.millrace.kafka.wire;

import org.jspecify.annotations.NullMarked;
