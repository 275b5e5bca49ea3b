/// A test of the effect of each API in each version that is advertised, and the table of them in
/// `docs/kafka-coverage.md`.
///
/// Front door: `ApiEffectsIT`.
@NullMarked
package io.millrace.e2e.coverage;

import org.jspecify.annotations.NullMarked;
