package io.millrace.model;

/// Whether a reader sees records of transactions that are still open. Source: KIP-98.
public enum IsolationLevel {
    READ_UNCOMMITTED,
    READ_COMMITTED
}
