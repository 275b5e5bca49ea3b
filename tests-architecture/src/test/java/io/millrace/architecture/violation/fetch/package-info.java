/// Deliberate violations of the dependency rules.
@NullMarked
package io.millrace.architecture.violation.fetch;

import org.jspecify.annotations.NullMarked;
