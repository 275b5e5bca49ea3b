/// Kafka clients for the tests: Kafka's own, kcat, and one that sends any bytes.
///
/// Front door: `Clients`, `RawConnection`, `Kcat`, `Reading`, `Load`.
@NullMarked
package io.millrace.e2e.client;

import org.jspecify.annotations.NullMarked;
