package io.millrace.partition;

/// An entry of the index with the offset up to which it covers.
public record CoveringEntry(IndexEntry entry, long endOffset) {}
