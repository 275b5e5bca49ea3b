/// What was acknowledged survives kills, stops, full and failing disks.
@NullMarked
package io.millrace.e2e.durability;

import org.jspecify.annotations.NullMarked;
