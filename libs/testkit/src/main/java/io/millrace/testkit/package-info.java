/// Simulated clock, disk and network, seeds, and builders of test data.
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
