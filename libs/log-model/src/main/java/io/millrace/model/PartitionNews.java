package io.millrace.model;

/// A partition's watermarks after a round was applied, as the tail feed carries them.
public record PartitionNews(PartitionId partitionId, Watermarks watermarks) {}
