package io.millrace.coordinator.kafka;

import io.millrace.coordinator.log.GroupLog;
import io.millrace.model.Catalog;
import java.util.function.Supplier;

/// What groups are loaded from.
///
/// @param topics the topics that there are, as new as any by which an offset was committed: what is missing
/// there was deleted
public record GroupSource(GroupLog log, Supplier<Catalog> topics) {}
