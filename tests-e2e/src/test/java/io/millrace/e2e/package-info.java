/// Real Kafka clients against the four services as real processes.
@NullMarked
package io.millrace.e2e;

import org.jspecify.annotations.NullMarked;
