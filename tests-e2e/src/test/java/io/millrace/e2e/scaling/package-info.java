/// More and fewer instances of what scales, under load.
@NullMarked
package io.millrace.e2e.scaling;

import org.jspecify.annotations.NullMarked;
