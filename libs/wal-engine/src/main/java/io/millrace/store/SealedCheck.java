package io.millrace.store;

import io.millrace.sealed.SealedInspection.Checked;
import java.util.Optional;

/// What became of the checksums of one sealed file.
///
/// Threads: immutable.
///
/// @param checked unless something is damaged
/// @param damage where, and what
public record SealedCheck(String fileName, Optional<Checked> checked, Optional<SegmentCheck.Place> damage) {}
