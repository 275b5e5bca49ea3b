package io.millrace.store;

import io.millrace.model.TopicId;
import java.util.random.RandomGenerator;

/// Makes topic ids that nobody has, in the form of a random UUID.
///
/// Threads: the commit thread. Source: KIP-516; Kafka reserves small ids, and avoids ids whose text begins with '-',
/// which command lines take for an option.
final class TopicIds {

    private static final long VERSION_CLEARED = 0xffffffffffff0fffL;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_CLEARED = 0x3fffffffffffffffL;
    private static final long VARIANT_IETF = 0x8000000000000000L;
    private static final long DASH_IN_BASE_64 = 62;

    private final RandomGenerator random;

    TopicIds(RandomGenerator random) {
        this.random = random;
    }

    TopicId next() {
        long most;
        do {
            most = (random.nextLong() & VERSION_CLEARED) | VERSION_4;
        } while (most >>> 58 == DASH_IN_BASE_64);
        return new TopicId(most, (random.nextLong() & VARIANT_CLEARED) | VARIANT_IETF);
    }
}
