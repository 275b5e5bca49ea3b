package io.millrace.store;

/// Keeps account of how much one round gathers.
///
/// Threads: the commit thread.
final class RoundSize {

    /// What frames around one entry cost at most.
    private static final int FRAME_BYTES = 64;

    private final int bytesMax;
    private long bytes;
    private int count;

    RoundSize(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Takes the submission into account unless it is too much; the first is never too much.
    boolean admits(Submission submission) {
        long withIt = bytes + submission.bytes() + FRAME_BYTES;
        if (count > 0 && withIt > bytesMax) {
            return false;
        }
        bytes = withIt;
        count++;
        return true;
    }

    long bytes() {
        return bytes;
    }
}
