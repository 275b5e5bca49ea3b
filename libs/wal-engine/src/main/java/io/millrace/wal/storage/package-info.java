/// The disk as the write-ahead log sees it; the only place that touches files.
@NullMarked
package io.millrace.wal.storage;

import org.jspecify.annotations.NullMarked;
