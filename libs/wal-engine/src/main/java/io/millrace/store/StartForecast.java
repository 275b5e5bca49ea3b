package io.millrace.store;

import io.millrace.wal.LogEnd;

/// What a start would do with the log as it is.
///
/// Threads: immutable. Units: bytes.
public sealed interface StartForecast {

    /// It would recover the log.
    ///
    /// @param end of the log that it would go on from
    /// @param wasClean whether that is where a clean shutdown left it
    /// @param tornBytes of the round that was in flight, which it would cut off; nobody was told of them
    record Starts(LogEnd end, boolean wasClean, long tornBytes) implements StartForecast {}

    /// It would name this damage and end.
    record Refuses(String fileName, long filePosition, String what) implements StartForecast {}
}
