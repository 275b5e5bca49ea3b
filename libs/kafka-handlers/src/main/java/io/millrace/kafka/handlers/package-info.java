/// The Kafka requests that more than one service answers.
@NullMarked
package io.millrace.kafka.handlers;

import org.jspecify.annotations.NullMarked;
