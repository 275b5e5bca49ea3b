/// The engine on a simulated disk: random load, crashes, damage, faults.
@NullMarked
package io.millrace.simulation;

import org.jspecify.annotations.NullMarked;
