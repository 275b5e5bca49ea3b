/// `./millrace loadtest`: producers and consumers on a running cluster, an account of every record, and a report.
///
/// Front door: `LoadTest`.
@NullMarked
package io.millrace.loadtest;

import org.jspecify.annotations.NullMarked;
