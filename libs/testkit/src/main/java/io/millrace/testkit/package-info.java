/// What tests are made of: a disk, a clock and a log of events that are simulated, seeds, and builders of test data.
///
/// Front doors: [TestData], [SimulatedDisk], [StoreRig].
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
