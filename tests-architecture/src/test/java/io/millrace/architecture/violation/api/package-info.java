/// Deliberate violations of the dependency rules.
@NullMarked
package io.millrace.architecture.violation.api;

import org.jspecify.annotations.NullMarked;
