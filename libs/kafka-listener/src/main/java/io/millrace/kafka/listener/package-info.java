/// Kafka connections: framing, back-pressure, response order, and the table that routes requests.
@NullMarked
package io.millrace.kafka.listener;

import org.jspecify.annotations.NullMarked;
