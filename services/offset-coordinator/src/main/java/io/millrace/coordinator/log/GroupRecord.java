package io.millrace.coordinator.log;

import java.util.Optional;

/// One record of a batch: a value for a key, or its removal.
///
/// Threads: immutable; nobody writes into the arrays.
public record GroupRecord(byte[] key, Optional<byte[]> value) {}
