/// Runs Kafka's own integration tests, unchanged, against a cluster outside of their process.
///
/// Kafka's test framework asks `OutsideCluster` for everything; `Target` says what it stands for: Millrace, or Kafka
/// itself for the list of the tests that can pass this way.
@NullMarked
package io.millrace.kafkatests;

import org.jspecify.annotations.NullMarked;
