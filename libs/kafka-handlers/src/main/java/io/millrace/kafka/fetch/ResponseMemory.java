package io.millrace.kafka.fetch;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Counts record bytes from before they are read until the answer has left, and says how many more may come.
///
/// Threads: any. Units: bytes.
final class ResponseMemory {

    private final long capacity;
    private final AtomicLong held = new AtomicLong();

    ResponseMemory(long capacity) {
        this.capacity = capacity;
    }

    /// Reserves between `least` and `most`, as much as there is; never fails, or a slow client would stop all
    /// others.
    Share reserve(long least, long most) {
        long free = capacity - held.get();
        long bytes = Math.clamp(free, least, most);
        held.addAndGet(bytes);
        return new Share(bytes);
    }

    long held() {
        return held.get();
    }

    /// Bytes of one answer.
    final class Share {

        private final long reserved;
        private final AtomicLong bytes;
        private final AtomicBoolean isReleased = new AtomicBoolean();

        private Share(long reserved) {
            this.reserved = reserved;
            this.bytes = new AtomicLong(reserved);
        }

        /// How much was reserved.
        long reserved() {
            return reserved;
        }

        /// Settles for what was really read, which may be more: the first batch comes whole.
        void settle(long read) {
            held.addAndGet(read - bytes.getAndSet(read));
        }

        void release() {
            if (isReleased.compareAndSet(false, true)) {
                held.addAndGet(-bytes.get());
            }
        }
    }
}
