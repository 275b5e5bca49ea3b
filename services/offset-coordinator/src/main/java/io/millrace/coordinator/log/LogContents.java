package io.millrace.coordinator.log;

import java.util.List;

/// What a take-over has read.
///
/// @param entries the last value of every key, in the order of their sequences
/// @param tail the slots that are not folded yet, the new owner's barrier last
/// @param nextSequence the slot after the barrier
record LogContents(int shard, int epoch, List<GroupEntry> entries, List<TailSlot> tail, long nextSequence) {}
