package io.millrace.coordinator;

/// How many records of a partition a group has not read.
record Lag(String groupId, String topic, int partition, long recordCount) {}
