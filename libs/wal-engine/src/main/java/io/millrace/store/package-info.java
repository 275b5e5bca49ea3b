/// Joins the log and the partitions; the front door of the engine.
@NullMarked
package io.millrace.store;

import org.jspecify.annotations.NullMarked;
