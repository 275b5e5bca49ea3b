/// Deliberate violations of the dependency rules.
@NullMarked
package io.millrace.architecture.violation.wal;

import org.jspecify.annotations.NullMarked;
