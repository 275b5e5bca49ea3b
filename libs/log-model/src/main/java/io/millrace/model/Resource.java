package io.millrace.model;

/// Something besides topics that clients configure, kept in the catalog.
///
/// Threads: immutable. Source: KIP-848 (groups), KIP-714 (client metrics), KIP-546 (client quotas).
///
/// @param name unique among those of the kind; of a client quota as [QuotaEntity] writes it
public record Resource(Kind kind, String name) {

    /// The longest name, in characters.
    public static final int NAME_LENGTH_MAX = 1_000;

    /// What it is, as Kafka calls it.
    public enum Kind {
        GROUP,
        CLIENT_METRICS,
        CLIENT_QUOTA
    }
}
