package io.millrace.wal;

/// What the start of a log found.
///
/// Threads: immutable. Units: bytes.
///
/// @param wasClean whether the log ends exactly where a clean shutdown left it
/// @param tornBytes behind the last whole round, zeroed before anything else was written
public record RecoveryFacts(boolean wasClean, int segmentCount, long roundCount, long bytes, long tornBytes) {}
