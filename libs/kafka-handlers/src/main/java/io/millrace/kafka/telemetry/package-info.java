/// Client telemetry (KIP-714): clients are told which of their metrics are wanted, and what they send becomes part of
/// this instance's own metrics.
///
/// Front door: [ClientTelemetry].
@NullMarked
package io.millrace.kafka.telemetry;

import org.jspecify.annotations.NullMarked;
