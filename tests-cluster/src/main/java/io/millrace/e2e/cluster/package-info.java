/// The four built services as real processes that a test may kill, stop and start again.
///
/// Front door: `MillraceCluster`, or `@WithCluster` on a test class for the one that the classes share.
@NullMarked
package io.millrace.e2e.cluster;

import org.jspecify.annotations.NullMarked;
