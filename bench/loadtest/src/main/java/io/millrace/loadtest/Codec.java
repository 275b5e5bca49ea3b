package io.millrace.loadtest;

import java.util.Optional;

/// How stamps travel as keys and values.
interface Codec {

    byte[] key(String topic, Stamp stamp);

    /// The value, of about this size.
    byte[] value(String topic, Stamp stamp, int bytes);

    /// Empty if it is no value of ours.
    Optional<Stamp> stamp(byte[] value);
}
