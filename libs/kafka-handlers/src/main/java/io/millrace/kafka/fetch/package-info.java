/// Fetch: sessions, plans, long polls.
@NullMarked
package io.millrace.kafka.fetch;

import org.jspecify.annotations.NullMarked;
