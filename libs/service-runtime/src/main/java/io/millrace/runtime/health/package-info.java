/// Health checks that every service has; what makes a service ready is checked where it is decided.
@NullMarked
package io.millrace.runtime.health;

import org.jspecify.annotations.NullMarked;
