package io.millrace.wal;

import java.nio.ByteBuffer;
import java.util.Base64;

/// The cluster that a log belongs to, so that a foreign segment is never taken for its own.
///
/// Threads: immutable. The text form is that of Kafka's cluster ids: 22 characters of URL-safe base 64.
public record LogIdentity(long mostSignificantBits, long leastSignificantBits) {

    @Override
    public String toString() {
        ByteBuffer bits = ByteBuffer.allocate(16).putLong(mostSignificantBits).putLong(leastSignificantBits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits.array());
    }
}
