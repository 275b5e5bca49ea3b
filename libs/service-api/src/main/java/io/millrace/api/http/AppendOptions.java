package io.millrace.api.http;

import java.time.Duration;

/// Bounds of the append stream.
///
/// Threads: immutable. Units: bytes.
///
/// @param batchBytesMax the largest record batch
/// @param clientBytesInFlight what an ingest instance has sent or queued and not seen answered, before it stops reading
///     from its clients; at twice as much, further batches are refused
/// @param ownerBytesInFlight what the owner took from all append streams together and has not answered, before it stops
///     reading from them
/// @param deadline after which an append that was not answered is `Unknown`
public record AppendOptions(int batchBytesMax, long clientBytesInFlight, long ownerBytesInFlight, Duration deadline) {

    public static AppendOptions defaults() {
        return new AppendOptions(105 << 20, 32L << 20, 32L << 20, Duration.ofSeconds(20));
    }
}
