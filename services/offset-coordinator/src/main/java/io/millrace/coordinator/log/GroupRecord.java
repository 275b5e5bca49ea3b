package io.millrace.coordinator.log;

import java.util.Optional;

/// One record of a batch: a value for a key, or its removal.
///
/// Threads: immutable; nobody writes into the arrays.
// Nobody compares it, and a copy of the bytes for each look would cost.
@SuppressWarnings("ArrayRecordComponent")
public record GroupRecord(byte[] key, Optional<byte[]> value) {}
