/// The Kafka side of the fetch service. Front door: [FetchListener].
@NullMarked
package io.millrace.fetch.kafka;

import org.jspecify.annotations.NullMarked;
