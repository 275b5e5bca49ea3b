/// Gives records out: reads by offset range and keeps the tail of followed partitions in memory.
@NullMarked
package io.millrace.fetch;

import org.jspecify.annotations.NullMarked;
