package io.millrace.e2e.journal;

import java.nio.charset.StandardCharsets;

/// Who sent a record, and as which of its records; travels as the record's key.
public record Origin(String producer, long sequence) {

    public byte[] toKey() {
        return (producer + ":" + sequence).getBytes(StandardCharsets.UTF_8);
    }

    public static Origin fromKey(byte[] key) {
        String text = new String(key, StandardCharsets.UTF_8);
        int colon = text.lastIndexOf(':');
        return new Origin(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
    }
}
