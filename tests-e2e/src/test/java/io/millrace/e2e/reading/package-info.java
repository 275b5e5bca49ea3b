/// Readers: many of one tail, far behind it, through restarts.
@NullMarked
package io.millrace.e2e.reading;

import org.jspecify.annotations.NullMarked;
