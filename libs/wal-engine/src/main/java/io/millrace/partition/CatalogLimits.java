package io.millrace.partition;

/// What the owner of a shard allows in its catalog.
///
/// @param defaultPartitionCount of a topic that is created with -1 partitions
/// @param replicationFactorMax what a topic may ask for, although one replica is kept
/// @param partitionCountMax of all topics together
/// @param resourceCountMax how many resources may be configured
public record CatalogLimits(
        int defaultPartitionCount, int replicationFactorMax, int partitionCountMax, int resourceCountMax) {}
