package io.millrace.coordinator.log;

import java.util.Base64;

/// The key bytes of a coordinator record, comparable by content.
///
/// Threads: immutable.
///
/// @param name the bytes in base64url
record RecordKey(String name) {

    static RecordKey of(byte[] key) {
        return new RecordKey(Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    }
}
