package io.millrace.partition;

/// Where one batch is.
///
/// Units: a record offset; a WAL position and bytes of the log's record; milliseconds.
public record IndexEntry(long baseOffset, long position, int sizeInLog, long maxTimestamp) {}
