/// Kafka connections on Vert.x: framing, response order, back-pressure, limits, routing.
///
/// Front doors: [KafkaServer] listens, [ApiRouter] says who answers which API. A connection belongs to one event loop:
/// [FrameAssembler] makes frames of what the socket brings, [Connection] starts requests in arrival order and answers
/// them in that order, [OutputQueue] writes no faster than the client reads. Netty's counted buffers end here.
@NullMarked
package io.millrace.kafka.listener;

import org.jspecify.annotations.NullMarked;
