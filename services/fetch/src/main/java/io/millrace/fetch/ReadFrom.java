package io.millrace.fetch;

/// Where reading a partition begins, as people and scripts say it.
///
/// Threads: immutable. Units: record offsets, milliseconds since the epoch.
sealed interface ReadFrom {

    /// The oldest record that there is.
    record Beginning() implements ReadFrom {}

    record Offset(long offset) implements ReadFrom {}

    /// The first record with this timestamp or a later one.
    record Timestamp(long timestampMillis) implements ReadFrom {}

    /// So many offsets before the end; fewer records where some were compacted away.
    record Last(long count) implements ReadFrom {}

    /// What comes from now on.
    record End() implements ReadFrom {}
}
