/// The rules of a partition, pure: what to decide for a request, how an entry changes the state.
@NullMarked
package io.millrace.partition;

import org.jspecify.annotations.NullMarked;
