/// Takes records in: validates batches, streams them to the owner of the partition, acknowledges.
@NullMarked
package io.millrace.ingest;

import org.jspecify.annotations.NullMarked;
