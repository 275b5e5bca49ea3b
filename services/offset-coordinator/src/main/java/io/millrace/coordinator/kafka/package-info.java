/// Kafka's own group coordinator, embedded: its records go to [io.millrace.coordinator.log.GroupLog], its view of
/// the topics comes from the catalog. Front door: [EmbeddedCoordinator]; the Kafka APIs are in [GroupApis].
///
/// The only package of this service that knows Kafka's classes, pinned to one Kafka version: they are internal to Kafka
/// and change with every release.
@NullMarked
package io.millrace.coordinator.kafka;

import org.jspecify.annotations.NullMarked;
