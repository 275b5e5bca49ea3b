/// REST, health, metrics, and the processes themselves.
@NullMarked
package io.millrace.e2e.interfaces;

import org.jspecify.annotations.NullMarked;
