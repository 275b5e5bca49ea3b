package io.millrace.coordinator.log;

import java.util.List;

/// A shard that was just taken over: its state, to be replayed, and the right to append to it.
///
/// @param entries the last value of every key, in the order in which they were written
/// @param nextSequence where the log goes on; larger than any entry's sequence, and than 0, which Kafka's coordinator
/// cannot begin with
public record LoadedShard(ShardTenure tenure, List<GroupEntry> entries, long nextSequence) {}
