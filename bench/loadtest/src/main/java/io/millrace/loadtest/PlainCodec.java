package io.millrace.loadtest;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Fixed fields, then random bytes that nothing can compress.
///
/// ```
/// magic 4 | run 8 | producer 4 | sequence 8 | sent 8 | filling
/// ```
final class PlainCodec implements Codec {
    private static final int MAGIC = 0x4d4c4f41;
    private static final int HEAD_BYTES = 2 * Integer.BYTES + 3 * Long.BYTES;

    @Override
    public byte[] key(String topic, Stamp stamp) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(stamp.producer()).array();
    }

    @Override
    public byte[] value(String topic, Stamp stamp, int bytes) {
        byte[] value = new byte[Math.max(HEAD_BYTES, bytes)];
        ThreadLocalRandom.current().nextBytes(value);
        ByteBuffer.wrap(value)
                .putInt(MAGIC)
                .putLong(stamp.run())
                .putInt(stamp.producer())
                .putLong(stamp.sequence())
                .putLong(stamp.sentNanos());
        return value;
    }

    @Override
    public Optional<Stamp> stamp(byte[] value) {
        ByteBuffer source = ByteBuffer.wrap(value);
        if (value.length < HEAD_BYTES || source.getInt() != MAGIC) {
            return Optional.empty();
        }
        return Optional.of(new Stamp(source.getLong(), source.getInt(), source.getLong(), source.getLong()));
    }
}
