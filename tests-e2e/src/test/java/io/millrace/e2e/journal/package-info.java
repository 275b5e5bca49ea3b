/// What producers were promised, what readers got, and the comparison of the two.
///
/// Front door: `Journal`, `Comparison`.
@NullMarked
package io.millrace.e2e.journal;

import org.jspecify.annotations.NullMarked;
