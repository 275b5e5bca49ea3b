/// Deliberate violations of the dependency rules.
@NullMarked
package io.millrace.architecture.violation.ingest;

import org.jspecify.annotations.NullMarked;
