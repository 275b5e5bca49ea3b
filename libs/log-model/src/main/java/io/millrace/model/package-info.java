/// The vocabulary of Millrace: record batches, offsets, topics, and what became of a request.
///
/// Every other module speaks in these types; this one depends on nothing but the JDK. Front doors: [RecordBatch],
/// [Catalog], and the outcomes [AppendOutcome], [ReadOutcome], [CommandOutcome].
@NullMarked
package io.millrace.model;

import org.jspecify.annotations.NullMarked;
