/// A history of what clients were told, written down while services are killed and stopped, and the rules that every
/// history must keep.
///
/// Front door: `HistoryIT`; `HistoryCheck` has the rules.
@NullMarked
package io.millrace.e2e.history;

import org.jspecify.annotations.NullMarked;
