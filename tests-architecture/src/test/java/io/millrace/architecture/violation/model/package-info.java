/// Deliberate violations of the dependency rules.
@NullMarked
package io.millrace.architecture.violation.model;

import org.jspecify.annotations.NullMarked;
