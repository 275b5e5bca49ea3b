/// Kafka's protocol, request by request.
@NullMarked
package io.millrace.e2e.protocol;

import org.jspecify.annotations.NullMarked;
