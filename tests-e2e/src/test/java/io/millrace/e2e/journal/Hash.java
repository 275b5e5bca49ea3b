package io.millrace.e2e.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// Stands for bytes that are too many to keep: the first eight bytes of their SHA-256, with null apart from empty.
public record Hash(long value) {
    private static final Hash OF_NULL = new Hash(0);

    public static Hash of(byte @Nullable [] bytes) {
        if (bytes == null) {
            return OF_NULL;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Hash(ByteBuffer.wrap(digest).getLong() | 1);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
