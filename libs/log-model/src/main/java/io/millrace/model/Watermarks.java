package io.millrace.model;

/// How far one partition can be read, at one moment.
///
/// Threads: immutable. Units: record offsets; the ends are exclusive.
///
/// @param logStartOffset the first offset that can still be read
/// @param lastStableOffset the end for readers with isolation level read_committed
/// @param highWatermark the end for everybody; what lies below is durable
/// @param leaderEpoch the owner's epoch in which this was true
public record Watermarks(long logStartOffset, long lastStableOffset, long highWatermark, int leaderEpoch) {

    /// The later of two that one partition had: within an epoch, none of them goes back.
    public Watermarks later(Watermarks other) {
        if (leaderEpoch != other.leaderEpoch) {
            return leaderEpoch > other.leaderEpoch ? this : other;
        }
        return new Watermarks(
                Math.max(logStartOffset, other.logStartOffset),
                Math.max(lastStableOffset, other.lastStableOffset),
                Math.max(highWatermark, other.highWatermark),
                leaderEpoch);
    }

    public Watermarks {
        if (logStartOffset < 0 || logStartOffset > highWatermark || lastStableOffset > highWatermark) {
            throw new IllegalArgumentException(
                    "watermarks out of order: " + logStartOffset + ", " + lastStableOffset + ", " + highWatermark);
        }
    }
}
