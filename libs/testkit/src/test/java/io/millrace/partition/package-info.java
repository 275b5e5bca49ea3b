/// Tests of the engine's pure rules that need the builders of the testkit.
@NullMarked
package io.millrace.partition;

import org.jspecify.annotations.NullMarked;
