/// The write-ahead log: durable bytes, rounds, recovery.
@NullMarked
package io.millrace.wal;

import org.jspecify.annotations.NullMarked;
