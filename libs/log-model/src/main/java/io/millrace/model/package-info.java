/// The vocabulary of Millrace: record batches, offsets and outcomes. Depends on `java.*` only.
@NullMarked
package io.millrace.model;

import org.jspecify.annotations.NullMarked;
