package io.millrace.store;

/// The bounds of a [Scrub].
///
/// @param bytesPerSecondMax how fast it reads
/// @param damagesMax how many damaged places it tells, and how many partitions of each; further ones are counted
public record ScrubOptions(long bytesPerSecondMax, int damagesMax) {

    public ScrubOptions {
        if (bytesPerSecondMax < 1) {
            throw new IllegalArgumentException("scrub.bytesPerSecondMax: at least 1");
        }
        if (damagesMax < 1) {
            throw new IllegalArgumentException("scrub.damagesMax: at least 1");
        }
    }

    /// For one machine.
    public static ScrubOptions defaults() {
        return new ScrubOptions(32L << 20, 100);
    }
}
