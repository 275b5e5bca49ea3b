package io.millrace.coordinator.kafka;

/// One line of the list of groups.
///
/// @param type `classic`, `consumer` or `streams`
public record GroupSummary(String groupId, String type, String state, String protocolType) {}
