/// The Kafka requests that more than one service answers, and the table of who answers what.
///
/// Front doors: [Routes], which joins a service's handlers into a router; [ClusterApis] with its [ClusterContext],
/// what every node answers; [RoutingView], the nodes; [IngestForwarder] and [FrameEndpoint], the two ends of a
/// forwarded request.
@NullMarked
package io.millrace.kafka.handlers;

import org.jspecify.annotations.NullMarked;
