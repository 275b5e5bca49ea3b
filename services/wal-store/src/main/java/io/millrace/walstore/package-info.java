/// Owns the partitions: runs the engine, answers the other services.
@NullMarked
package io.millrace.walstore;

import org.jspecify.annotations.NullMarked;
