package io.millrace.coordinator.log;

/// One durable batch that is not folded yet.
///
/// @param first the sequence that names its slot
/// @param end the sequence after its last record
record TailSlot(long first, long end, int byteCount) {}
