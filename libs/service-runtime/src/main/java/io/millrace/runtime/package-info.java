/// What every service has in common: start and stop, health, metrics, REST errors.
@NullMarked
package io.millrace.runtime;

import org.jspecify.annotations.NullMarked;
