/// Micro-benchmarks of what is hot.
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
