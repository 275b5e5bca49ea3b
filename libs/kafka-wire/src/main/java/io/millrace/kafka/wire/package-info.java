/// The Kafka protocol as functions over buffers; the one wrapper of the Kafka codec.
@NullMarked
package io.millrace.kafka.wire;

import org.jspecify.annotations.NullMarked;
